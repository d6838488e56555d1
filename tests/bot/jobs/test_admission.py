"""Who may ask, and how much."""

from collections.abc import Callable

import pytest

from bot.errors import DeclinedError
from bot.jobs.admission import Admission
from bot.jobs.job import Job
from bot.locales import sentences as s
from bot.settings import BotSettings
from tests.bot.jobs.examples import job

ALICE, BOB = 1, 2


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def decline(admission: Admission, asked: Job, waiting: list[Job], wait: float | None = None) -> str:
    with pytest.raises(DeclinedError) as told:
        admission.check(asked, waiting, wait)
    return told.value.sentence


def admission(clock: Callable[[], float] | None = None, **settings: object) -> Admission:
    return Admission(BotSettings(_env_file=None, **settings), clock or Clock())


def test_a_person_has_one_running_and_three_waiting() -> None:
    waiting = [job(number, ALICE) for number in range(4)]
    assert decline(admission(), job(9, ALICE), waiting) == s.YOUR_QUEUE_FULL
    admission().check(job(9, BOB), waiting, None)


def test_a_server_cannot_fill_the_queue_for_the_others() -> None:
    waiting = [job(number, person=number, server=9) for number in range(3)]
    limited = admission(waiting_by_server=3)
    assert decline(limited, job(9, person=9, server=9), waiting) == s.SERVER_QUEUE_FULL
    limited.check(job(9, person=9, server=10), waiting, None)


def test_the_queue_is_bounded() -> None:
    waiting = [job(number, person=number, server=number) for number in range(5)]
    assert decline(admission(waiting_in_total=5), job(9, 9, 9), waiting) == s.QUEUE_FULL


def test_a_wait_of_more_than_five_minutes_is_declined_with_the_estimate() -> None:
    with pytest.raises(DeclinedError) as told:
        admission().check(job(1), [], 7 * 60)
    assert told.value.sentence == s.BUSY
    assert told.value.values == {"duration": "7 min"}
    admission().check(job(1), [], 299)


def test_who_asks_too_fast_is_told_when_to_come_back() -> None:
    clock = Clock()
    limited = admission(clock, requests_a_minute=2)
    limited.check(job(1, ALICE), [], None)
    clock.now += 20
    limited.check(job(2, ALICE), [], None)
    clock.now += 20
    assert decline(limited, job(3, ALICE), []) == s.TOO_FAST
    limited.check(job(4, BOB), [], None)
    clock.now += 21
    limited.check(job(5, ALICE), [], None)


@pytest.mark.parametrize(
    ("setting", "ids"),
    [
        ("blocked_servers", {9}),
        ("blocked_channels", {77}),
        ("blocked_people", {1}),
        ("allowed_servers", {8}),
        ("allowed_channels", {78}),
        ("allowed_people", {2}),
    ],
)
def test_the_lists_of_the_operator_decide(setting: str, ids: set[int]) -> None:
    assert decline(admission(**{setting: ids}), job(1), []) == s.NOT_HERE


def test_a_list_that_names_the_place_lets_it_in() -> None:
    admission(allowed_servers={9}, allowed_channels={77}, allowed_people={1}).check(
        job(1), [], None
    )


def test_a_closed_door_says_why() -> None:
    closed = admission()
    closed.closed = s.PAUSED
    assert decline(closed, job(1), []) == s.PAUSED
