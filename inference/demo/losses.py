"""What the two stages of the training ask of the model."""

import torch
from torch import nn
from torch.nn import functional as F

from inference.demo.batches import IGNORED, Conversations, Sights
from inference.demo.dense import NOTHING, DenseHead, dense_loss
from inference.phi3_vision import Phi3VForConditionalGeneration

DENSE_WEIGHT = 0.3
"""How much seeing still counts beside speaking."""


class Seeing(nn.Module):
    """The loss of the first stage: vision tower and projector, with the dense head."""

    def __init__(self, model: Phi3VForConditionalGeneration, head: DenseHead) -> None:
        super().__init__()
        self.tower, self.projector, self.head = (
            model.model.vision_tower,
            model.model.projector,
            head,
        )

    def forward(self, sights: Sights) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the loss, and the share of things that were named."""
        patches = self.tower(sights.crops).last_hidden_state[:, 1:]
        side, crops = self.projector.side, len(patches)
        column = self.projector(torch.cat([patches[:1], patches]), crops, 1)
        grid = column[: crops * side * (side + 1)].view(crops, side, side + 1, -1)
        logits = self.head(grid[:, :, :-1].flatten(1, 2))
        return dense_loss(logits, sights.targets), _share_right(logits, sights.targets, NOTHING)


class Speaking(nn.Module):
    """The loss of the second stage: the answers' tokens, and still some of the first."""

    def __init__(self, model: Phi3VForConditionalGeneration, head: DenseHead) -> None:
        super().__init__()
        self.model, self.head = model, head

    def forward(self, parts: list[Conversations]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the loss, and the share of the answers' tokens that were foreseen."""
        logits, labels, rows, targets = [], [], [], []
        for part in parts:
            spoken = part.labels != IGNORED
            features, states = self.read(part)
            logits.append(self.model.lm_head(states[spoken]))
            labels.append(part.labels[spoken])
            rows.append(features[part.targets[:, 0] != IGNORED])
            targets.append(part.targets[part.targets[:, 0] != IGNORED])
        said, right = torch.cat(logits).float(), torch.cat(labels)
        seen = dense_loss(self.head(torch.cat(rows)), torch.cat(targets))
        loss = F.cross_entropy(said, right) + DENSE_WEIGHT * seen
        return loss, _share_right(said, right, IGNORED)

    def read(self, part: Conversations) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the pictures' rows, and the decoder's last states."""
        model = self.model.model
        features = torch.cat(self._features(part))
        embeds = model.get_input_embeddings()(part.input_ids)
        mask = model.get_placeholder_mask(part.input_ids, embeds, features)
        states = model.language_model(
            inputs_embeds=embeds.masked_scatter(mask, features.to(embeds)),
            attention_mask=part.attention_mask,
            position_ids=part.position_ids,
            use_cache=False,
        )
        return features, states.last_hidden_state

    def _features(self, part: Conversations) -> list[torch.Tensor]:
        model = self.model.model
        patches = model.vision_tower(part.tiles).last_hidden_state[:, 1:]
        counts = [1 if grid == (1, 1) else 1 + grid[0] * grid[1] for grid in part.grids]
        pictures = zip(patches.split(counts), part.grids, strict=True)
        return [
            model.projector(views.expand(2, -1, -1) if grid == (1, 1) else views, *grid)
            for views, grid in pictures
        ]


def _share_right(logits: torch.Tensor, labels: torch.Tensor, ignored: int) -> torch.Tensor:
    counted = labels != ignored
    return (logits.argmax(-1) == labels)[counted].float().mean().detach()
