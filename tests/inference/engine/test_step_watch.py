"""A step may take so long; all of them together may take longer."""

from threading import Event

from inference.engine.step_watch import StepWatch


def test_the_time_begins_anew_with_each_step() -> None:
    now = 100.0
    watch = StepWatch(10, lambda: None, clock=lambda: now)
    for _ in range(5):
        watch.step()
        now += 9
        assert watch.left == 1
    now += 1
    assert watch.left == 0


def test_a_step_that_takes_too_long_is_told() -> None:
    told = Event()
    with StepWatch(0, told.set):
        assert told.wait(60)
