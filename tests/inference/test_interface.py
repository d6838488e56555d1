"""A request that cannot be is refused when it is made."""

from math import inf, nan

import pytest

from inference import GREEDY, Message, Request, RequestError, Sampling

HELLO = (Message("user", "Hello"),)


@pytest.mark.parametrize("fields", [{"temperature": t} for t in (-0.1, nan, inf)])
def test_a_temperature_that_nothing_can_be_drawn_with_is_refused(fields: dict[str, float]) -> None:
    with pytest.raises(RequestError, match="temperature"):
        Sampling(**fields)


@pytest.mark.parametrize("top_p", [0.0, -0.5, 1.01, nan])
def test_a_share_of_nothing_or_of_more_than_all_is_refused(top_p: float) -> None:
    with pytest.raises(RequestError, match="top_p"):
        Sampling(0.7, top_p=top_p)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("max_new_tokens", 0),
        ("max_new_tokens", -3),
        ("least_new_tokens", 0),
        ("crops", 0),
        ("loop_rounds", 1),
        ("stop", ("END", "")),
        ("deadline", nan),
    ],
)
def test_a_field_that_cannot_be_is_named(field: str, value: object) -> None:
    with pytest.raises(RequestError, match=field):
        Request(HELLO, **{field: value})


def test_what_can_be_is_taken() -> None:
    Request(HELLO, max_new_tokens=1, crops=1, stop=("END",), deadline=0.0, sampling=GREEDY)
    Sampling(1e-40, top_p=1.0), Sampling(2.0, top_p=1e-9)
