"""Everyone gets a turn."""

from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.queue import FairQueue
from tests.bot.jobs.examples import job

ALICE, BOB, CAROL = 1, 2, 3


def test_nobody_holds_the_others_up() -> None:
    queue = FairQueue()
    for number, person in enumerate([ALICE, ALICE, ALICE, BOB, CAROL, BOB]):
        queue.add(job(number, person))
    order = _take_all(queue)
    assert [taken.asker_id for taken in order] == [ALICE, BOB, CAROL, ALICE, BOB, ALICE]


def test_one_person_is_served_once_at_a_time() -> None:
    queue = FairQueue()
    queue.add(job(1, ALICE))
    queue.add(job(2, ALICE))
    first = queue.take()
    assert first is not None
    assert queue.take() is None
    queue.done(first)
    assert queue.take() == job(2, ALICE)


def test_a_cancelled_job_is_not_taken() -> None:
    queue = FairQueue()
    queue.add(job(1, ALICE))
    queue.add(job(2, BOB))
    assert queue.remove(1) == job(1, ALICE)
    assert queue.remove(1) is None
    assert queue.take() == job(2, BOB)
    assert len(queue) == 0


PEOPLE = st.lists(st.sampled_from([ALICE, BOB, CAROL]), max_size=25)


@given(PEOPLE)
def test_the_position_shown_is_the_turn_in_which_a_job_is_taken(people: list[int]) -> None:
    queue = FairQueue()
    for number, person in enumerate(people):
        queue.add(job(number, person))
    positions = queue.positions()
    order = [taken.id for taken in _take_all(queue)]
    assert positions == {number: turn for turn, number in enumerate(order, start=1)}


@given(PEOPLE, st.sampled_from([ALICE, BOB, CAROL]))
def test_the_position_announced_to_a_new_job_is_the_one_it_gets(
    people: list[int], newcomer: int
) -> None:
    queue = FairQueue()
    for number, person in enumerate(people):
        queue.add(job(number, person))
    announced = queue.position_of_next(newcomer)
    queue.add(job(1000, newcomer))
    assert queue.positions()[1000] == announced


def _take_all(queue: FairQueue) -> list:
    order = []
    while taken := queue.take():
        order.append(taken)
        queue.done(taken)
    return order
