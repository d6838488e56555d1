"""Many matrices that take their step together go where torch's Muon takes each alone."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from inference.demo.muon import Muon, orthogonal

SHAPES = ((24, 24), (64, 24), (24, 24), (24, 64))
RATE, DECAY = 0.02, 0.5


def matrices() -> list[nn.Parameter]:
    torch.manual_seed(3)
    return [nn.Parameter(torch.randn(shape)) for shape in SHAPES]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_together_the_matrices_go_where_each_goes_alone(dtype):
    begun, alone, together = matrices(), matrices(), matrices()
    optimizers = (
        torch.optim.Muon(alone, RATE, DECAY, adjust_lr_fn="match_rms_adamw"),
        Muon([{"params": together, "lr": RATE}], DECAY, dtype),
    )
    for _ in range(4):
        for one, other in zip(alone, together, strict=True):
            one.grad = torch.randn_like(one)
            other.grad = one.grad.clone()
        for optimizer in optimizers:
            optimizer.step()
    for start, one, other in zip(begun, alone, together, strict=True):
        assert (one - other).norm() < 0.03 * (one - start).norm()  # torch's has three digits


def test_a_matrix_without_a_gradient_stays():
    first, second = matrices()[:2]
    before = second.clone()
    first.grad = torch.randn_like(first)
    optimizer = Muon([{"params": [first, second], "lr": RATE}], DECAY, torch.float32)
    optimizer.step()
    assert torch.equal(second, before)


def test_singular_values_come_close_to_one():
    values = torch.linalg.svdvals(orthogonal(torch.randn(5, 24, 64)))
    assert values.min() > 0.6
    assert values.max() < 1.3


def test_what_it_remembers_is_kept_and_taken_up_again():
    kept, anew = matrices()[:1], matrices()[:1]
    first = Muon([{"params": kept, "lr": RATE}], DECAY, torch.float32)
    grads = torch.randn(2, *SHAPES[0])
    kept[0].grad = grads[0]
    first.step()
    anew[0].data.copy_(kept[0].data)
    second = Muon([{"params": anew, "lr": RATE}], DECAY, torch.float32)
    second.load_state_dict(deepcopy(first.state_dict()))
    kept[0].grad, anew[0].grad = grads[1], grads[1].clone()
    first.step()
    second.step()
    assert torch.equal(kept[0], anew[0])
