"""What the two stages of the training ask of the model."""

from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn import functional as F

from inference.demo.batches import IGNORED, Conversations, Sights, Views
from inference.demo.dense import NOTHING, DenseHead, dense_loss
from inference.phi3_vision import Phi3VForConditionalGeneration

DENSE_WEIGHT = 0.3
"""How much seeing still counts beside speaking."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the model says token by token, and what it is to say."""

    logits: list[torch.Tensor] = field(default_factory=list)
    labels: list[torch.Tensor] = field(default_factory=list)

    def loss(self) -> torch.Tensor:
        """Return the cross-entropy per token."""
        return F.cross_entropy(torch.cat(self.logits), torch.cat(self.labels))

    def share_right(self) -> torch.Tensor:
        """Return the share of tokens that were foreseen."""
        return _share_right(torch.cat(self.logits), torch.cat(self.labels), IGNORED)


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
        shown, told = Answers(), Answers()
        rows, targets = [], []
        for part in parts:
            is_said = part.labels != IGNORED
            features, states = self.read(part)
            answers = shown if part.views else told
            answers.logits.append(self.model.lm_head(states[is_said]).float())
            answers.labels.append(part.labels[is_said])
            if part.views:
                marked = part.views.targets[:, 0] != IGNORED
                rows.append(features[marked])
                targets.append(part.views.targets[marked])
        seen = dense_loss(self.head(torch.cat(rows)), torch.cat(targets))
        loss = shown.loss() + told.loss() + DENSE_WEIGHT * seen
        return loss, (shown.share_right() + told.share_right()) / 2

    def read(self, part: Conversations) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the pictures' rows, and the decoder's last states."""
        model = self.model.model
        embeds = model.get_input_embeddings()(part.input_ids)
        features = self._features(part.views) if part.views else embeds.new_empty(0)
        if part.views:
            mask = model.get_placeholder_mask(part.input_ids, embeds, features)
            embeds = embeds.masked_scatter(mask, features.to(embeds))
        states = model.language_model(
            inputs_embeds=embeds,
            attention_mask=part.attention_mask,
            position_ids=part.position_ids,
            use_cache=False,
        )
        return features, states.last_hidden_state

    def _features(self, views: Views) -> torch.Tensor:
        model = self.model.model
        patches = model.vision_tower(views.tiles).last_hidden_state[:, 1:]
        counts = [1 if grid == (1, 1) else 1 + grid[0] * grid[1] for grid in views.grids]
        pictures = zip(patches.split(counts), views.grids, strict=True)
        rows = [
            model.projector(tiles.expand(2, -1, -1) if grid == (1, 1) else tiles, *grid)
            for tiles, grid in pictures
        ]
        return torch.cat(rows)


def _share_right(logits: torch.Tensor, labels: torch.Tensor, ignored: int) -> torch.Tensor:
    counted = labels != ignored
    return (logits.argmax(-1) == labels)[counted].float().mean().detach()
