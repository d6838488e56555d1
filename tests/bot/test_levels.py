"""The bot's modules stand on levels, and arrows between them only point down."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import bot

ROOT = Path(bot.__file__).parent
LEVELS = (
    ("log", "choices", "locales", "metrics", "health", "stopping", "reading"),
    ("settings", "errors"),
    ("trust", "registering", "pictures", "shards"),
    ("jobs",),
    ("replies", "desk"),
    ("conversation",),
    ("client", "features", "vitals", "console"),
    ("run",),
    ("trial",),
    ("__main__",),
)
"""From the ground up. Two on one level do not know each other."""
LEVEL = {name: number for number, names in enumerate(LEVELS) for name in names}


def part_of(module: str) -> str:
    """Tell to which part a module belongs: `bot.jobs.store` to `jobs`."""
    return module.split(".")[1] if "." in module else ""


def imports() -> dict[str, set[str]]:
    """List what each module imports of the bot, in functions and for types, too."""
    files = {
        ".".join(file.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): file
        for file in ROOT.rglob("*.py")
    }
    return {
        module: {name for name in _imported(file, files) if name != module}
        for module, file in files.items()
    }


def _name(file: Path) -> str:
    names = file.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(names).removesuffix(".__init__")


def _imported(file: Path, known: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{file} imports relatively"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                if name in known or node.module in known:
                    yield name if name in known else node.module


def upward(graph: Mapping[str, set[str]]) -> list[str]:
    """List the imports that do not point down from one part to another."""
    return [
        f"{above} imports {below}"
        for above, names in graph.items()
        for below in names
        if part_of(above) and part_of(below)
        if part_of(above) != part_of(below) and LEVEL[part_of(below)] >= LEVEL[part_of(above)]
    ]


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Find modules that import each other in a circle; none where there is no circle."""
    left = {module: set(names) for module, names in graph.items()}
    while free := [module for module, names in left.items() if not names]:
        for module in free:
            del left[module]
        for names in left.values():
            names.difference_update(free)
    return sorted(left)


def test_every_module_has_its_level() -> None:
    assert {part_of(module) for module in imports()} == {"", *LEVEL}


def test_arrows_point_down() -> None:
    assert upward(imports()) == []


def test_there_is_no_circle() -> None:
    assert circle(imports()) == []


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("bot.jobs.worker", "bot.replies.reply"),
        ("bot.desk", "bot.client"),
        ("bot.client", "bot.run"),
    ],
)
def test_an_arrow_that_points_up_is_seen(above: str, below: str) -> None:
    assert upward({above: {below}}) == [f"{above} imports {below}"]


def test_a_circle_is_seen() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}
    assert circle(graph) == ["a", "b", "c", "d"]


def test_the_connection_knows_no_feature() -> None:
    known = {part_of(name) for name in imports()["bot.client"]}
    assert not known & {"features", "jobs", "replies", "pictures", "desk"}
    assert len((ROOT / "client.py").read_text(encoding="utf-8").splitlines()) <= 80
