"""Runs of rows are given out, kept warm, taken up again and moved together where room is needed."""

from inference.engine.extents import Extents, Seat


def take(extents: Extents, keys: list[int], rows: int, scope: str | None = "lounge") -> Seat:
    seat = extents.take(rows, keys, scope, False)
    assert seat
    return seat


def serve(extents: Extents, keys: list[int], rows: int, scope: str | None = "lounge") -> Seat:
    seat = take(extents, keys, rows, scope)
    extents.leave(seat.extent, keys)
    return seat


def test_each_gets_exactly_what_it_needs() -> None:
    extents = Extents(100)
    assert take(extents, [1], 60).extent.stop == 60
    assert take(extents, [2], 40).extent.start == 60
    assert extents.take(1, [3], None, False) is None


def test_a_follow_up_goes_on_where_it_stopped_if_there_is_room_behind() -> None:
    extents = Extents(100)
    serve(extents, [1, 2, 3, 4], rows=30)
    extent, cached, source = take(extents, [1, 2, 3, 4, 5], 50)
    assert (extent.start, extent.length, cached, source) == (0, 50, 4, 0)


def test_a_follow_up_that_has_no_room_behind_it_takes_its_beginning_along() -> None:
    extents = Extents(100)
    first = take(extents, [1, 2, 3, 4], 10)
    take(extents, [9], 20)
    extents.leave(first.extent, [1, 2, 3, 4])
    extent, cached, source = take(extents, [1, 2, 3, 4, 5], 50)
    assert (extent.start, cached, source) == (30, 4, 0)


def test_the_last_row_is_always_computed_anew() -> None:
    extents = Extents(100)
    serve(extents, [1, 2, 3, 4], rows=10)
    assert take(extents, [1, 2, 3, 4], 10).cached == 3


def test_a_short_common_beginning_leaves_the_other_warm() -> None:
    extents = Extents(100)
    serve(extents, [1, 2, 3, 4], rows=10)
    assert serve(extents, [1, 7, 8, 9, 10], rows=10).cached == 0
    assert take(extents, [1, 2, 3, 4, 5], 10).cached == 4


def test_what_was_used_longest_ago_goes_first_and_no_more_than_is_needed() -> None:
    extents = Extents(100)
    for name in (1, 2, 3):
        serve(extents, [name] * 30, rows=30)
    take(extents, [4] * 30, 30)
    assert [extent.keys[0] for extent in extents.idle] == [2, 3]


def test_where_nothing_fits_nothing_is_let_go() -> None:
    extents = Extents(100)
    taken = take(extents, [0] * 30, 30)
    serve(extents, [1] * 40, rows=40)
    assert extents.take(80, [2] * 50, "lounge", False) is None
    assert len(extents.idle) == 1
    extents.leave(taken.extent, [0] * 30)
    assert extents.take(80, [2] * 50, "lounge", False)


def test_no_other_scope_finds_anything_and_without_a_scope_nothing_stays() -> None:
    extents = Extents(100)
    serve(extents, [1, 2, 3], rows=10, scope="lounge")
    serve(extents, [1, 2, 3], rows=10, scope=None)
    assert len(extents.idle) == 1
    assert take(extents, [1, 2, 3], 10, scope="kitchen").cached == 0
    assert take(extents, [1, 2, 3], 10, scope=None).cached == 0


def test_what_was_computed_with_other_rope_factors_is_of_no_use() -> None:
    extents = Extents(100)
    serve(extents, [1, 2, 3], rows=10)
    seat = extents.take(10, [1, 2, 3], "lounge", True)
    assert seat
    assert seat.cached == 0


def test_the_forgotten_leave_nothing() -> None:
    extents = Extents(100)
    serve(extents, [1, 2, 3], rows=10, scope="alice:lounge")
    served = take(extents, [1, 2, 3], 10, scope="alice:lounge")
    serve(extents, [1, 2, 3], rows=10, scope="alicia:lounge")
    extents.forget("alice:")
    assert [extent.scope for extent in extents.idle] == ["alicia:lounge"]
    extents.leave(served.extent, [1, 2, 3])
    assert len(extents.idle) == 1
