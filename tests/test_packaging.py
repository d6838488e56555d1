"""What is installed is what was tested: the constraints are in step with what the project asks."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
FILES = ("constraints.txt", ".ci/lowest.txt")
NOT_PINNED = {"flash-attn", PROJECT["name"]}
"""What only a machine with CUDA's compiler can resolve, and the project's own extras."""


def asked_for() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"].values()
    lines = [line for lines in (PROJECT["dependencies"], *extras) for line in lines]
    return [each for each in map(Requirement, lines) if each.name not in NOT_PINNED]


@pytest.mark.parametrize("file", FILES)
def test_every_dependency_is_pinned_to_a_version_that_it_allows(file: str) -> None:
    pins: dict[str, list[str]] = {}
    for line in (ROOT / file).read_text().splitlines():
        if "==" in line and not line.startswith("#"):
            name, version = line.split(";")[0].split("==")
            pins.setdefault(canonicalize_name(name), []).append(version.strip())
    for each in asked_for():
        versions = pins.get(canonicalize_name(each.name), [])
        assert versions, f"{each.name} is not in {file}: run .ci/constraints"
        assert all(version in each.specifier for version in versions), (each, versions)


@pytest.mark.parametrize("file", FILES)
def test_no_address_of_an_index_stands_in_the_constraints(file: str) -> None:
    text = (ROOT / file).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_the_upper_bound_of_transformers_is_the_last_release_that_was_tested() -> None:
    bounds = {each.name: each.specifier for each in asked_for()}["transformers"]
    (pin,) = [
        line.split("==")[1]
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if line.startswith("transformers==")
    ]
    major, minor = map(int, pin.split(".")[:2])
    assert f"{major}.{minor + 1}" not in bounds
    assert "5.19" in bounds  # what vLLM's environment can have
