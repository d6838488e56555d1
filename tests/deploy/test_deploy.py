"""The container files and the service unit, as far as they can be tried without an engine."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Metric

from bot.metrics import Metrics
from bot.settings import BotSettings
from inference import EngineSettings, Limits, RemoteSettings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SETTINGS = (BotSettings, EngineSettings, Limits, RemoteSettings)


def known_settings() -> set[str]:
    return {
        f"{kind.model_config['env_prefix']}{field}".upper()
        for kind in SETTINGS
        for field in kind.model_fields
    }


def test_what_compose_builds_stands_in_the_dockerfile() -> None:
    stages = set(re.findall(r"^FROM .* AS (\w+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    targets = {
        service["build"]["target"] for service in COMPOSE["services"].values() if "build" in service
    }
    assert targets == stages - {"base"}


def test_what_compose_mounts_from_here_is_there() -> None:
    mounted = [
        volume.split(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", ())
    ]
    for place in mounted:
        assert (ROOT / place).exists() if place.startswith("./") else place in COMPOSE["volumes"]


def test_each_setting_that_compose_and_the_dockerfile_make_is_one() -> None:
    named = {
        name
        for service in ("bot", "remote-bot")
        for name in COMPOSE["services"][service]["environment"]
    }
    named |= set(re.findall(r"\bBOT_\w+(?==)", (ROOT / "Dockerfile").read_text()))
    assert named
    assert named <= known_settings()


def test_what_the_dockerfile_copies_is_let_in() -> None:
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")
    }
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert {name for line in copied for name in line.split()} == let_in
    assert all((ROOT / name).exists() for name in let_in)


def test_prometheus_looks_where_the_bot_tells_its_numbers() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
    (target,) = config["scrape_configs"][0]["static_configs"][0]["targets"]
    host, port = target.split(":")
    assert host in COMPOSE["services"]
    assert int(port) == BotSettings.model_fields["metrics_port"].default


def test_each_panel_shows_numbers_that_the_bot_tells() -> None:
    told = {name for family in Metrics().registry.collect() for name in sample_names(family)}
    dashboard = json.loads((DEPLOY / "grafana/dashboards/bot.json").read_text(encoding="utf-8"))
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert len(queries) >= 10
    for query in queries:
        names = set(re.findall(r"\b(?:vision_bot|process|python)_\w+", query))
        assert names, query
        assert names <= told, query


def sample_names(family: Metric) -> Iterator[str]:
    """Name what a family is told as, also before there is anything to tell."""
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    return (family.name + ending for ending in endings.get(family.type, ("",)))


@pytest.mark.parametrize(
    "command",
    [
        ("hadolint", "Dockerfile"),
        ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml"),
    ],
)
def test_a_linter_is_content(command: tuple[str, ...]) -> None:
    name, *options = command
    beside = [str(Path(sys.executable).parent), os.environ["PATH"]]
    if not (linter := shutil.which(name, path=os.pathsep.join(beside))):
        pytest.skip(f'{name} is not installed: pip install -e ".[dev]"')
    subprocess.run([linter, *options], cwd=ROOT, check=True)


def test_an_order_to_stop_goes_to_the_bot_and_to_no_decoder() -> None:
    """Whose end would be blamed on the picture that it is at."""
    unit = (DEPLOY / "phi3-vision-bot.service").read_text(encoding="utf-8")
    assert "KillMode=mixed" in unit.splitlines()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """With a Python that is there in place of the one that will be."""
    unit = tmp_path / "phi3-vision-bot.service"
    text = (DEPLOY / unit.name).read_text(encoding="utf-8")
    unit.write_text(
        re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", text, flags=re.MULTILINE)
    )
    ended = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert unit.name not in ended.stderr
    assert ended.returncode == 0
