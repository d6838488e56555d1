"""Memory that runs out is told from a fault: the one heals when less is asked."""

import pytest
import torch

from inference.checkpoint.memory import is_out_of_memory


@pytest.mark.parametrize(
    ("error", "ran_out"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`"), True),
        (RuntimeError("CUDA error: out of memory"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (ValueError("CUDA error: out of memory"), False),
    ],
)
def test_memory_that_runs_out_is_no_fault(error: Exception, ran_out: bool) -> None:
    assert is_out_of_memory(error) is ran_out
