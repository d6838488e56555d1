"""What is installed is what was tested: the constraints are in step with what the project asks."""

import re
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


def test_the_licences_are_listed_of_the_versions_that_are_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {line.split(";")[0].strip().replace("==", " ") for line in lines if "==" in line}
    pinned = {canonicalize_name(each.split()[0]) + " " + each.split()[1] for each in pinned}
    rows = [line.split("|") for line in (ROOT / "DEPENDENCIES.md").read_text().splitlines()]
    listed = {
        f"{canonicalize_name(name.strip())} {version.strip().partition('+')[0]}"
        for _, name, version, *_ in (row for row in rows if len(row) > 3)
        if version.strip()[0].isdecimal()
    }
    assert listed - pinned == set(), "run .ci/licences"
    needed = {canonicalize_name(Requirement(each).name) for each in PROJECT["dependencies"]}
    assert needed <= {each.split()[0] for each in listed}, "run .ci/licences"


def test_the_command_that_mends_a_pytorch_without_cuda_takes_one_that_fits() -> None:
    (torch,) = (each for each in asked_for() if each.name == "torch")
    command = (ROOT / "inference/commands/doctor.py").read_text()
    (version,) = re.findall(r'"torch==([\d.]+)\.\*"', command)
    assert f"{version}.0" in torch.specifier
