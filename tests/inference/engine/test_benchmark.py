"""The benchmark measures a model from end to end and says what it found."""

import argparse
import json
from pathlib import Path

import pytest

from inference.benchmark import add_arguments, run


@pytest.fixture
def tiny_is_chosen(tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_SOURCE", str(tiny_checkpoint))
    monkeypatch.setenv("MODEL_DEVICE", "cpu")


@pytest.mark.usefixtures("tiny_is_chosen")
def test_a_report_compares_with_generate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    file = tmp_path / "report.json"
    options = "--concurrency 1,3 --crops 1 --new-tokens 4 --rounds 1 --against generate"
    assert run(parser.parse_args([*options.split(), "--json", str(file)])) == 0
    report = json.loads(file.read_text())
    (alone,) = report["alone"]
    assert alone["prompt_tokens"] > 313
    assert 0 < alone["follow_up"] < alone["first_token"]
    assert [row["concurrency"] for row in report["together"]] == [1, 3]
    assert all(row["generate_seconds"] > 0 for row in report["together"])
    assert "| crops | at once |" in capsys.readouterr().out
