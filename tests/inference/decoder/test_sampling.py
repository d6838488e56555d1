"""Which token is chosen, greedily or by chance."""

from collections import Counter

import pytest
import torch

from inference.decoder.sampling import choose
from inference.decoder.segment import Draw

GREEDY = Draw(temperature=0.0, top_p=1.0, point=0.5)


def draw(point: float, temperature: float = 1.0, top_p: float = 1.0) -> Draw:
    return Draw(temperature, top_p, point)


def test_greedy_takes_the_likeliest() -> None:
    assert choose(torch.tensor([[0.0, 3.0, 1.0], [5.0, 3.0, 1.0]]), [GREEDY, GREEDY]) == [1, 0]


def test_chance_follows_the_probabilities() -> None:
    logits = torch.tensor([0.5, 0.3, 0.2]).log().expand(1000, 3)
    drawn = Counter(choose(logits, [draw((n + 0.5) / 1000) for n in range(1000)]))
    assert drawn == {0: 500, 1: 300, 2: 200}


def test_top_p_leaves_out_the_unlikely() -> None:
    logits = torch.tensor([0.2, 0.5, 0.3]).log().expand(1000, 3)
    drawn = Counter(choose(logits, [draw((n + 0.5) / 1000, top_p=0.7) for n in range(1000)]))
    assert set(drawn) == {1, 2}
    assert drawn[1] == 625


def test_the_very_last_point_takes_the_last_token_kept() -> None:
    logits = torch.tensor([[0.2, 0.5, 0.3]]).log()
    assert choose(logits, [draw(1 - 1e-12, top_p=0.7)]) == [2]


def test_a_high_temperature_evens_the_chances_out() -> None:
    logits = torch.tensor([0.9, 0.1]).log().expand(1000, 2)
    points = [(n + 0.5) / 1000 for n in range(1000)]
    cold = Counter(choose(logits, [draw(point, temperature=0.5) for point in points]))
    hot = Counter(choose(logits, [draw(point, temperature=2.0) for point in points]))
    assert cold[1] < 100 < hot[1]


def test_neighbours_do_not_change_the_choice() -> None:
    logits = torch.randn(4, 50, generator=torch.Generator().manual_seed(1))
    draws = [draw(0.3), GREEDY, draw(0.9, top_p=0.5), draw(0.1, temperature=3.0)]
    alone = [choose(logits[row : row + 1], [draws[row]])[0] for row in range(4)]
    assert choose(logits, draws) == alone


def test_a_row_that_is_no_number_has_no_token() -> None:
    logits = torch.tensor([[1.0, torch.nan], [1.0, 2.0], [torch.inf, 0.0]])
    assert choose(logits, [GREEDY, GREEDY, draw(0.5)]) == [None, 1, None]


@pytest.mark.parametrize("temperature", [1e-46, 1e-40, 1e-30])
def test_the_coldest_temperature_takes_the_likeliest(temperature: float) -> None:
    logits = torch.tensor([[80.0, 90.0, -90.0]])
    assert choose(logits, [draw(0.999, temperature=temperature)]) == [1]


@pytest.mark.parametrize("top_p", [0.0, -0.5, torch.nan])
def test_a_share_that_cannot_be_hurts_no_neighbour(top_p: float) -> None:
    logits = torch.tensor([[0.2, 0.5, 0.3]] * 2).log()
    assert choose(logits, [draw(0.3, top_p=top_p), draw(0.3)])[1] == 1
