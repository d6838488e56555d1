"""Arrows between the packages of `inference` only point down."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import inference

ROOT = Path(inference.__file__).parent
FLOORS = (
    "",
    "phi3_vision",
    "decoder",
    "checkpoint",
    "engine",
    "remote",
    "demo",
    "commands",
    "__main__",
)
"""From the ground up; "" stands for what everybody may know: interface, errors, pictures …"""
FACE = "__init__"


def room_of(module: str) -> str:
    """Tell in which room a module stands: `inference.engine.turns` in `engine`."""
    names = module.split(".")[1:] or [FACE]
    return names[0] if names[0] in (*FLOORS, FACE) else ""


def edges() -> Iterator[tuple[str, str]]:
    """List who imports whom within `inference`, for the type checker alone included."""
    for path in sorted(ROOT.rglob("*.py")):
        names = path.relative_to(ROOT.parent).with_suffix("").parts
        importer = ".".join(names[:-1] if names[-1] == FACE and len(names) > 2 else names)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not node.level, f"{importer} imports relatively"
                imported = node.module or ""
                if imported == "inference":
                    rooms = [name.name for name in node.names if (ROOT / name.name).is_dir()]
                    yield from ((importer, f"inference.{room}") for room in rooms)
                    if len(rooms) == len(node.names):
                        continue
                yield importer, imported
            elif isinstance(node, ast.Import):
                yield from ((importer, name.name) for name in node.names)


def inner_edges() -> list[tuple[str, str]]:
    return [edge for edge in edges() if edge[1].split(".")[0] == "inference"]


def goes_up(importer: str, imported: str) -> bool:
    """Tell whether an import goes to a floor above; the face is above all but its users."""
    above, below = room_of(importer), room_of(imported)
    if above == FACE:
        return False
    if below == FACE:
        return FLOORS.index(above) < FLOORS.index("demo")
    return FLOORS.index(below) > FLOORS.index(above)


def test_every_room_has_its_floor() -> None:
    rooms = {room_of(importer) for importer, _ in edges()}
    assert rooms == {*FLOORS, FACE}


def test_no_import_goes_up() -> None:
    assert not [f"{a} → {b}" for a, b in inner_edges() if goes_up(a, b)]


def test_an_import_that_goes_up_is_seen() -> None:
    assert goes_up("inference.decoder.runner", "inference.engine.scheduler")
    assert goes_up("inference.engine.local", "inference")
    assert not goes_up("inference.engine.local", "inference.decoder.runner")
    assert not goes_up("inference.commands.ask", "inference")


def test_no_two_classes_have_one_name() -> None:
    classes = [
        node.name
        for path in ROOT.rglob("*.py")
        if "demo" not in path.parts
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert not {name for name in classes if classes.count(name) > 1}


def test_whoever_is_served_next_is_decided_without_a_tensor() -> None:
    code = "import sys, inference.engine.scheduler; print('torch' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
