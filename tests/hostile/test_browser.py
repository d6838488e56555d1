"""What people see in a browser is what the model sees."""

import pytest

from tests.hostile.browser import DRAWN, compare, stored
from tests.hostile.drawn import drawn


@pytest.mark.parametrize("number", range(DRAWN))
def test_a_drawn_picture_is_seen_as_chromium_showed_it(number: int) -> None:
    comparison = compare(f"drawn {number}", drawn(number), stored(number))
    assert comparison.is_right or comparison.excuse, comparison
