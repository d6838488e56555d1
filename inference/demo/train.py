"""Train the small model: first to see what lies under each patch, then to speak about it."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import distributed, nn
from torch.multiprocessing.spawn import spawn
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel
from tqdm import tqdm

from inference.demo.architecture import WIDTH, build_model, build_processor
from inference.demo.batches import (
    IGNORED,
    ConversationBatches,
    Conversations,
    SightBatches,
    Sights,
)
from inference.demo.dense import DenseHead, dense_loss
from inference.phi3_vision import Phi3VForConditionalGeneration

SEED = 20261120
DENSE_WEIGHT = 0.3
"""How much seeing still counts beside speaking."""
SAVE_SECONDS = 120
STATE = "state.pt"


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the training: what is learnt, for how long, how fast."""

    name: str
    minutes: float
    muon_rate: float
    adam_rate: float
    tower_share: float = 1.0
    """How fast the vision tower and the projector learn beside the rest."""
    warmup_steps: int = 100


def train(folder: Path, see_minutes: float, speak_minutes: float, processes: int) -> None:
    """Train, or go on where an interrupted training left off; each process takes one core."""
    folder.mkdir(exist_ok=True)
    stages = (
        Stage("see", see_minutes, muon_rate=5e-3, adam_rate=3e-3),
        Stage("speak", speak_minutes, muon_rate=3e-3, adam_rate=2e-3, tower_share=0.3),
    )
    rendezvous = folder / f"rendezvous-{os.getpid()}"
    arguments = (processes, folder, stages, rendezvous)
    spawn(_train_rank, arguments, nprocs=processes)  # type: ignore[no-untyped-call]
    rendezvous.unlink(missing_ok=True)


def export(folder: Path, checkpoint: Path) -> None:
    """Write the model of a training, as it stands, in bfloat16."""
    processor = build_processor()
    model = build_model(processor.tokenizer)
    model.load_state_dict(torch.load(folder / STATE, weights_only=True)["model"])
    model.to(torch.bfloat16).save_pretrained(checkpoint)
    processor.image_processor.save_pretrained(checkpoint)
    processor.tokenizer.save_pretrained(checkpoint)


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
        return dense_loss(logits, sights.targets), _share_right(logits, sights.targets, 0)


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


def _train_rank(
    rank: int, processes: int, folder: Path, stages: tuple[Stage, ...], rendezvous: Path
) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo", init_method=f"file://{rendezvous}", rank=rank, world_size=processes
    )
    torch.manual_seed(SEED)
    processor = build_processor()
    model = build_model(processor.tokenizer)
    model.set_attn_implementation("eager")  # faster than SDPA's backward pass on a CPU
    head = DenseHead(WIDTH)
    run = Run(folder, model, head, rank, processes)
    run.restore()
    see, speak = stages
    run.stage(see, Seeing(model, head), SightBatches(processor))
    run.stage(speak, Speaking(model, head), ConversationBatches(processor))
    distributed.destroy_process_group()


class Run:
    """One process's training, and the file that it goes on from."""

    def __init__(
        self,
        folder: Path,
        model: Phi3VForConditionalGeneration,
        head: DenseHead,
        rank: int,
        processes: int,
    ) -> None:
        self._path = folder / STATE
        self._model, self._head = model, head
        self._rank, self._processes = rank, processes
        self._done: dict[str, float] = {}
        """Seconds spent in each stage."""
        self._step = 0
        self._optimizers: dict[str, Any] | None = None

    def restore(self) -> None:
        """Take up the last state, where there is one."""
        if self._path.exists():
            state = torch.load(self._path, weights_only=True)
            self._model.load_state_dict(state["model"])
            self._head.load_state_dict(state["head"])
            self._done, self._step = state["done"], state["step"]
            self._optimizers = state["optimizers"]

    def stage(self, stage: Stage, loss: nn.Module, batches: Any) -> None:
        """Run a stage to its end."""
        seconds = stage.minutes * 60
        if self._done.get(stage.name, 0) >= seconds:
            return
        optimizers = _optimizers(loss, stage)
        if stage.name in self._done and self._optimizers:
            for name, state in self._optimizers.items():
                optimizers[name].load_state_dict(state)
        else:
            self._done[stage.name], self._step = 0.0, 0
        wrapped = DistributedDataParallel(loss)
        bar = tqdm(total=round(seconds), desc=stage.name, unit="s", disable=self._rank > 0,
                   initial=round(self._done[stage.name]), mininterval=10)  # fmt: skip
        began, saved, before = time.monotonic(), time.monotonic(), self._done[stage.name]
        while True:
            self._step += 1
            _set_rates(optimizers, stage, self._step, self._done[stage.name] / seconds)
            batch = batches[self._step * self._processes + self._rank]
            with torch.autocast("cpu", torch.bfloat16):
                value, right = wrapped(batch)
            value.backward()
            nn.utils.clip_grad_norm_(loss.parameters(), 1.0)
            for optimizer in optimizers.values():
                optimizer.step()
                optimizer.zero_grad()
            self._done[stage.name] = before + _shared_clock(began)
            is_over = self._done[stage.name] >= seconds
            if self._rank == 0:
                bar.set_postfix(step=self._step, loss=value.item(), right=right.item())
                bar.update(round(self._done[stage.name]) - bar.n)
                if is_over or time.monotonic() - saved > SAVE_SECONDS:
                    saved = time.monotonic()
                    self._save(optimizers)
            if is_over:
                return

    def _save(self, optimizers: dict[str, torch.optim.Optimizer]) -> None:
        state = {
            "model": self._model.state_dict(),
            "head": self._head.state_dict(),
            "done": self._done,
            "step": self._step,
            "optimizers": {name: each.state_dict() for name, each in optimizers.items()},
        }
        unfinished = self._path.with_suffix(".new")
        torch.save(state, unfinished)
        unfinished.replace(self._path)


def _optimizers(loss: nn.Module, stage: Stage) -> dict[str, torch.optim.Optimizer]:
    """Give the hidden matrices to Muon and all else to AdamW."""
    named = list(loss.named_parameters())
    matrices = [pair for pair in named if _is_hidden_matrix(*pair)]
    rest = [pair for pair in named if not _is_hidden_matrix(*pair)]
    return {
        "muon": torch.optim.Muon(
            _groups(matrices, stage.muon_rate, stage),
            weight_decay=0.02,
            adjust_lr_fn="match_rms_adamw",
        ),
        "adam": torch.optim.AdamW(
            _groups(rest, stage.adam_rate, stage), betas=(0.9, 0.98), weight_decay=0.01, fused=True
        ),
    }


def _groups(
    named: list[tuple[str, nn.Parameter]], peak: float, stage: Stage
) -> list[dict[str, Any]]:
    seeing = [each for name, each in named if "tower" in name or "projector" in name]
    speaking = [each for name, each in named if "tower" not in name and "projector" not in name]
    groups = [(seeing, peak * stage.tower_share), (speaking, peak)]
    return [{"params": params, "lr": rate, "peak": rate} for params, rate in groups if params]


def _is_hidden_matrix(name: str, parameter: torch.Tensor) -> bool:
    outer = ("embed", "lm_head", "head.slots")
    return parameter.ndim == 2 and not any(part in name for part in outer)


def _set_rates(
    optimizers: dict[str, torch.optim.Optimizer], stage: Stage, step: int, share: float
) -> None:
    """Warm up, hold, and go down to nothing over the last two fifths of the time."""
    factor = min(1.0, step / stage.warmup_steps, (1 - share) / 0.4)
    for optimizer in optimizers.values():
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * factor


def _shared_clock(began: float) -> float:
    """Return the first process's seconds, so that all stop at the same step."""
    seconds = torch.tensor(time.monotonic() - began)
    distributed.broadcast(seconds, 0)
    return seconds.item()


def _share_right(logits: torch.Tensor, labels: torch.Tensor, ignored: int) -> torch.Tensor:
    counted = labels != ignored
    return (logits.argmax(-1) == labels)[counted].float().mean().detach()
