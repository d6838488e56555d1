"""A fast path serves only where it says what the plain one says, here and now."""

import threading

import pytest
import torch

from inference.decoder.trial import Said, try_path

SECONDS = 60.0


def answer(**changes: object) -> Said:
    logits = torch.tensor([[[0.0, 10.0, 2.0], [9.0, 1.0, -10.0]]])
    fields = {"logits": logits, "tokens": logits.argmax(-1)} | changes
    return Said(**fields)


def test_a_path_that_says_the_same_serves() -> None:
    close = answer(logits=answer().logits + 0.1)
    verdict = try_path("graphs", lambda: close, answer(), SECONDS)
    assert verdict.fault is None
    assert str(verdict) == "graphs: serves"


@pytest.mark.parametrize(
    ("lie", "fault"),
    [
        (answer(tokens=torch.tensor([[1, 2]])), "said other words"),
        (answer(tokens=torch.tensor([[1, -1]])), "said other words"),
        (answer(logits=answer().logits * 1.2), "differ by 20%"),
        (answer(logits=answer().logits * torch.nan), "gave no numbers"),
        (answer(logits=answer().logits[:, :1]), "another shape"),
    ],
)
def test_a_path_that_lies_does_not(lie: Said, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    verdict = try_path("graphs", lambda: lie, answer(), SECONDS)
    assert fault in str(verdict)
    assert fault in caplog.text


def test_two_words_that_are_as_likely_may_be_swapped() -> None:
    level = torch.tensor([[[5.0, 5.0 + 1e-4, -9.0]]])
    plain = Said(level, level.argmax(-1))
    swapped = Said(level, torch.tensor([[0]]))
    assert try_path("graphs", lambda: swapped, plain, SECONDS).fault is None


@pytest.mark.parametrize("error", [RuntimeError("no such kernel"), SystemExit(1)])
def test_a_path_that_raises_does_not(error: BaseException) -> None:
    def ask() -> Said:
        raise error

    verdict = try_path("one kernel", ask, answer(), SECONDS)
    assert f"raised {type(error).__name__}" in str(verdict)


def test_a_path_that_hangs_does_not() -> None:
    released = threading.Event()

    def ask() -> Said:
        released.wait()
        return answer()

    verdict = try_path("one kernel", ask, answer(), seconds=0.05)
    assert "did not answer" in str(verdict)
    released.set()
