"""A sample of the load with the model elsewhere: all by `python -m tests.wire.load --remote`."""

from pathlib import Path

from tests.remote.model_server import SENTENCE
from tests.wire.load import run_remote


def test_a_crowd_loses_nothing_by_a_server_that_refuses_and_dies_twice(tmp_path: Path) -> None:
    load, _ = run_remote(60, tmp_path)
    words = [load.last_words(question) for question in load.questions]
    assert len(words) == 60
    assert [len(said) for said in words] == [1] * 60
    whole = "".join(SENTENCE).strip()
    assert all(whole in said for (said,) in words)
