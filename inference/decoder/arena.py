"""Where the keys and values of all sequences lie."""

import torch


class Arena:
    """One tensor a layer, made once: (rows + 1, 2, heads, head size), keys before values.

    A sequence has a run of rows to itself. The last row is nobody's: what only fills a step up
    to its shape writes there.
    """

    def __init__(
        self, rows: int, layers: int, heads: int, head_size: int, like: torch.Tensor
    ) -> None:
        self.rows = rows
        self.layers = [_empty(rows + 1, heads, head_size, like) for _ in range(layers)]
        for layer in self.layers:
            layer[rows] = 0

    @property
    def spare_row(self) -> int:
        """Tell which row is nobody's."""
        return self.rows

    @torch.inference_mode()
    def move(self, source: int, target: int, rows: int) -> None:
        """Copy so many rows; the two runs may overlap.

        All memory is taken before the first row moves: where it is not there, nothing has moved,
        and the same can be tried again.
        """
        between = torch.empty_like(self.layers[0][source : source + rows])
        for layer in self.layers:
            between.copy_(layer[source : source + rows])
            layer[target : target + rows] = between


def _empty(rows: int, heads: int, head_size: int, like: torch.Tensor) -> torch.Tensor:
    if like.is_cpu:  # whose products want each head's rows side by side
        return like.new_empty(2, heads, rows, head_size).permute(2, 0, 1, 3)
    return like.new_empty(rows, 2, heads, head_size)
