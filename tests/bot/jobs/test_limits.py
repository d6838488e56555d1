"""How often people may ask, and how much may wait."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.errors import DeclinedError
from bot.jobs.job import Job
from bot.jobs.limits import Limits
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


def decline(limited: Limits, asked: Job) -> str:
    with pytest.raises(DeclinedError) as told:
        limited.check(asked, None)
    return told.value.sentence


def limits(clock: Callable[[], float] | None = None, **settings: object) -> Limits:
    return Limits(BotSettings(_env_file=None, **settings), clock or Clock())


def test_a_person_has_one_running_and_three_waiting() -> None:
    limited = limits()
    for number in range(4):
        limited.check(job(number, ALICE), None)
        limited.enter(job(number, ALICE))
    assert decline(limited, job(9, ALICE)) == s.YOUR_QUEUE_FULL
    limited.check(job(9, BOB), None)
    limited.leave(0)
    limited.check(job(10, ALICE), None)


def test_a_server_cannot_fill_the_queue_for_the_others() -> None:
    limited = limits(waiting_by_server=3)
    for number in range(3):
        limited.enter(job(number, person=number, server=9))
    assert decline(limited, job(9, person=9, server=9)) == s.SERVER_QUEUE_FULL
    limited.check(job(9, person=9, server=10), None)
    limited.leave(2)
    limited.check(job(10, person=9, server=9), None)


def test_the_queue_is_bounded() -> None:
    limited = limits(waiting_in_total=5)
    for number in range(5):
        limited.enter(job(number, person=number, server=number))
    assert decline(limited, job(9, 9, 9)) == s.QUEUE_FULL
    limited.leave(4)
    limited.check(job(9, 9, 9), None)


def test_a_wait_of_more_than_five_minutes_is_declined_with_the_estimate() -> None:
    with pytest.raises(DeclinedError) as told:
        limits().check(job(1), 7 * 60)
    assert told.value.sentence == s.BUSY
    assert told.value.values == {"duration": "7 min"}
    limits().check(job(1), 299)


def test_who_asks_too_fast_is_told_when_to_come_back() -> None:
    clock = Clock()
    limited = limits(clock, requests_a_minute=2)
    limited.check(job(1, ALICE), None)
    clock.now += 20
    limited.check(job(2, ALICE), None)
    clock.now += 20
    assert decline(limited, job(3, ALICE)) == s.TOO_FAST
    limited.check(job(4, BOB), None)
    clock.now += 21
    limited.check(job(5, ALICE), None)


def test_a_server_that_asks_too_fast_is_told_so_whoever_asks() -> None:
    limited = limits(requests_a_minute_by_server=2)
    for person in (1, 2):
        limited.check(job(person, person, server=9), None)
    assert decline(limited, job(3, 3, server=9)) == s.SERVER_TOO_FAST
    limited.check(job(4, 3, server=10), None)


def mention(number: int, person: int) -> Job:
    """A job that a message asks, whose decline others read."""
    return replace(job(number, person), token=None)


def test_who_mentions_too_fast_five_times_in_a_row_is_ignored_for_five_minutes() -> None:
    clock = Clock()
    limited = limits(clock, requests_a_minute=1)
    limited.check(mention(1, ALICE), None)
    for number in range(2, 6):
        assert decline(limited, mention(number, ALICE)) == s.TOO_FAST
        assert not limited.ignores(ALICE)
    assert decline(limited, mention(6, ALICE)) == s.IGNORED
    assert limited.ignores(ALICE)
    clock.now += 299
    assert limited.ignores(ALICE)
    limited.check(mention(9, BOB), None)
    clock.now += 2
    assert not limited.ignores(ALICE)
    limited.check(mention(10, ALICE), None)


def test_commands_too_fast_are_never_punished() -> None:
    limited = limits(requests_a_minute=1)
    limited.check(job(1, ALICE), None)
    assert {decline(limited, job(number, ALICE)) for number in range(2, 30)} == {s.TOO_FAST}
    assert not limited.ignores(ALICE)


def test_a_full_queue_is_not_held_against_anybody() -> None:
    limited = limits()
    for number in range(4):
        limited.enter(mention(number, ALICE))
    for number in range(4, 20):
        assert decline(limited, mention(number, ALICE)) == s.YOUR_QUEUE_FULL
    assert not limited.ignores(ALICE)


def test_a_question_in_order_wipes_the_slate_clean() -> None:
    clock = Clock()
    limited = limits(clock, requests_a_minute=1)
    for number in range(3):
        limited.check(mention(10 * number, ALICE), None)
        for again in range(4):
            decline(limited, mention(10 * number + again + 1, ALICE))
        clock.now += 61
    assert not limited.ignores(ALICE)


def test_a_full_server_is_not_held_against_the_person() -> None:
    limited = limits(waiting_by_server=1)
    limited.enter(mention(1, BOB))
    for number in range(2, 9):
        assert decline(limited, mention(number, ALICE)) == s.SERVER_QUEUE_FULL
    assert not limited.ignores(ALICE)


def test_nobody_can_make_the_bot_decline_again_and_again_in_front_of_others() -> None:
    clock = Clock()
    limited = limits(clock, requests_a_minute=3)
    assert [limited.may_decline(ALICE) for _ in range(5)] == [True, True, True, False, False]
    clock.now += 60
    assert limited.may_decline(ALICE)
