"""The benchmark measures a model from end to end and says what it found."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from inference import EngineSettings
from inference.checkpoint.loading import load_model
from inference.commands.benchmark import add_arguments, floors, run
from inference.commands.benchmark.measurement import Subject

Benchmark = Callable[[str], dict[str, Any]]


def parse(options: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(options.split())


@pytest.fixture
def benchmark(brief_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Benchmark:
    """Measure a tiny model whose answers would soon end; return the report."""
    monkeypatch.setenv("MODEL_SOURCE", str(brief_checkpoint))
    monkeypatch.setenv("MODEL_DEVICE", "cpu")
    file = tmp_path / "report.json"

    def benchmark(options: str) -> dict[str, Any]:
        assert run(parse(f"{options} --json {file}")) == 0
        return dict(json.loads(file.read_text()))

    return benchmark


def test_a_report_compares_with_generate(
    benchmark: Benchmark, capsys: pytest.CaptureFixture[str]
) -> None:
    report = benchmark("--concurrency 1,3 --crops 1 --new-tokens 4 --rounds 1 --against generate")
    (alone,) = report["alone"]
    assert alone["prompt_tokens"] > 313
    assert 0 < alone["follow_up"] < alone["first_token"]
    assert [row["concurrency"] for row in report["together"]] == [1, 3]
    assert all(row["generate_seconds"] > 0 for row in report["together"])
    assert "| crops | at once |" in capsys.readouterr().out


def test_generate_stands_beside_the_engine_on_the_same_weights(brief_checkpoint: Path) -> None:
    settings = EngineSettings(source=str(brief_checkpoint), device="cpu")
    model, processor = load_model(settings)
    before = {name: weights.data_ptr() for name, weights in model.named_parameters()}
    subject = Subject(model, processor, new_tokens=2, beside=True)
    stock = dict(subject._peers[0].model.named_parameters())
    assert {name: stock[name].data_ptr() for name in before} == before


def test_what_the_machine_was_measured_with_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a card PyTorch keeps what is let go of, and the engine would find 2 GiB less."""
    monkeypatch.setattr(floors, "_copying", lambda *_: 1.0)
    monkeypatch.setattr(floors, "_multiplying", lambda *_: 1.0)
    given_back = []
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: given_back.append(True))
    floors.measure_machine(torch.device("cpu"), torch.float32)
    assert given_back


def test_answers_are_equally_long_wherever_the_model_would_end_them(benchmark: Benchmark) -> None:
    report = benchmark("--concurrency 2 --crops 1 --new-tokens 60 --rounds 1")
    (row,) = report["together"]
    assert row["tokens_per_second"] / row["requests_per_second"] == pytest.approx(60)


def test_no_more_is_asked_at_once_than_is_answered_at_once(
    benchmark: Benchmark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGINE_MOST_AT_ONCE", "1")
    report = benchmark("--crops 1 --new-tokens 2 --rounds 1")
    assert [row["concurrency"] for row in report["together"]] == [1]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("--new-tokens 1", "--new-tokens: 1 is no number from 2 up"),
        ("--concurrency 1,0", "--concurrency: 0 is no number from 1 up"),
        ("--random fourlayers", "--random: four is no number from 1 up"),
    ],
)
def test_a_number_that_cannot_be_measured_with_is_refused(
    capsys: pytest.CaptureFixture[str], options: str, fault: str
) -> None:
    with pytest.raises(SystemExit):
        parse(options)
    assert fault in capsys.readouterr().err
