"""What the two stages of the training ask of the model."""

from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn import functional as F

from inference.demo.dense import NOTHING, DenseHead, dense_loss
from inference.demo.tensors import Conversations, Layout, Sights, Views
from inference.phi3_vision import Phi3VForConditionalGeneration, Phi3VImageProcessor

DENSE_WEIGHT = 0.6
"""How much seeing still counts beside speaking."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the model says token by token, and what it is to say."""

    logits: list[torch.Tensor] = field(default_factory=list)
    said: list[torch.Tensor] = field(default_factory=list)

    def loss(self) -> torch.Tensor:
        """Return the cross-entropy per token."""
        return F.cross_entropy(torch.cat(self.logits), torch.cat(self.said))

    def share_right(self) -> torch.Tensor:
        """Return the share of tokens that were foreseen."""
        return _share_right(torch.cat(self.logits), torch.cat(self.said))


class Seeing(nn.Module):
    """The loss of the first stage: vision tower and projector, with the dense head."""

    def __init__(
        self, model: Phi3VForConditionalGeneration, images: Phi3VImageProcessor, head: DenseHead
    ) -> None:
        super().__init__()
        self.tower, self.projector = model.model.vision_tower, model.model.projector
        self.head, self._images = head, images

    def forward(self, sights: Sights) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the loss, and the share of things that were named."""
        # A crop that is cut alone comes out twice; the first is its global view.
        crops = torch.vmap(self._images.cut)(sights.crops)[:, 1]
        patches = self.tower(crops).last_hidden_state[:, 1:]
        side, count = self.projector.side, len(patches)
        # One tall picture for the projector, whose global view may be any: its rows come last.
        column = self.projector(torch.cat([patches[:1], patches]), count, 1)
        grid = column[: count * side * (side + 1)].view(count, side, side + 1, -1)
        logits = self.head(grid[:, :, :-1].flatten(1, 2))
        return dense_loss(logits, sights.targets), _share_right(logits, sights.targets, NOTHING)


class Speaking(nn.Module):
    """The loss of the second stage: the answers' tokens, and still some of the first."""

    def __init__(
        self, model: Phi3VForConditionalGeneration, images: Phi3VImageProcessor, head: DenseHead
    ) -> None:
        super().__init__()
        self.model, self.head, self._images = model, head, images

    def forward(self, parts: list[Conversations]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the loss, and the share of the answers' tokens that were foreseen.

        Answers with a picture count as much as those without, however many tokens each have.
        """
        shown, told = Answers(), Answers()
        rows, targets = [], []
        for part in parts:
            features, states = self.read(part)
            answers = shown if part.views else told
            answers.logits.append(self.model.lm_head(states).float())
            answers.said.append(part.said)
            if part.views:
                rows.append(features[part.views.marked])
                targets.append(part.views.targets)
        loss = shown.loss() + told.loss()
        if rows[0].requires_grad:  # else the tower rests, and has nothing to learn
            seen = dense_loss(self.head(torch.cat(rows)), torch.cat(targets))
            loss = loss + DENSE_WEIGHT * seen
        return loss, (shown.share_right() + told.share_right()) / 2

    def read(self, part: Conversations) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the pictures' rows, and the decoder's last states before each token to say."""
        model = self.model.model
        embeds = model.get_input_embeddings()(part.input_ids)
        features = self._features(part.views) if part.views else embeds.new_empty(0)
        if part.views:
            rows = embeds.flatten(0, 1).index_copy(0, part.pictured, features.to(embeds))
            embeds = rows.view_as(embeds)
        states = model.language_model(
            inputs_embeds=embeds,
            attention_mask=_mask(part.branches),
            position_ids=part.position_ids,
            use_cache=False,
        )
        return features, states.last_hidden_state.flatten(0, 1)[part.speaking]

    def _features(self, views: Views) -> torch.Tensor:
        """Return the rows of all pictures, one after another."""
        pictures: dict[int, torch.Tensor] = {}
        for layout in views.layouts:
            pictures.update(zip(layout.places, self._rows(layout), strict=True))
        return torch.cat([pictures[place] for place in sorted(pictures)])

    def _rows(self, layout: Layout) -> torch.Tensor:
        """Return (pictures, rows, width); a picture of one crop is its own global view."""
        model = self.model.model
        tiles = torch.vmap(self._images.cut)(layout.pixels)
        shown = tiles[:, 1:] if layout.grid == (1, 1) else tiles
        patches = model.vision_tower(shown.flatten(0, 1)).last_hidden_state[:, 1:]
        patches = patches.unflatten(0, shown.shape[:2]).expand(-1, tiles.shape[1], -1, -1)
        return torch.vmap(lambda one: model.projector(one, *layout.grid))(patches)


def _mask(branches: torch.Tensor) -> torch.Tensor:
    """Let each token see what stands before it in its own branch and in the shared one.

    Returns (N, 1, length, length), to be added to the scores.
    """
    of_query, of_key = branches[:, :, None], branches[:, None, :]
    length = branches.shape[1]
    earlier = torch.ones(length, length, dtype=torch.bool, device=branches.device).tril()
    seen = (earlier & ((of_key == of_query) | (of_key == 0)))[:, None]
    mask = torch.zeros(seen.shape, device=branches.device)
    return mask.masked_fill_(~seen, torch.finfo(torch.bfloat16).min)


def _share_right(
    logits: torch.Tensor, labels: torch.Tensor, ignored: int | None = None
) -> torch.Tensor:
    right = logits.argmax(-1) == labels
    if ignored is None:
        return right.float().mean().detach()
    counted = labels != ignored
    return ((right & counted).sum() / counted.sum()).detach()
