"""Train the small model: first to see what lies under each patch, then to speak about it."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import distributed, nn
from torch.multiprocessing.spawn import spawn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import Dataset
from tqdm import tqdm
from transformers import PreTrainedTokenizerFast

from inference.demo.architecture import WIDTH, build_model, build_processor
from inference.demo.batches import ConversationBatches, SightBatches
from inference.demo.dense import DenseHead
from inference.demo.losses import Seeing, Speaking
from inference.phi3_vision import Phi3VForConditionalGeneration

SAVE_SECONDS = 120
STATE = "state.pt"
LOSSES = "loss.csv"
AVERAGING = 0.99
"""How much of the averaged weights stays in each step, once there were many."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the training: for how long, and how fast."""

    name: str
    steps: int
    muon_rate: float
    adam_rate: float
    tower_share: float = 1.0
    """How fast the vision tower and the projector learn beside the rest; 0 leaves them alone."""
    warmup_steps: int = 100


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training starts from, how long it takes and what it computes in."""

    see_steps: int
    speak_steps: int
    seed: int
    start: Path | None
    """A checkpoint whose weights a new training begins with; None begins with random ones."""
    dtype: torch.dtype
    """Of the matrix products."""
    speak_rate: float = 2e-3
    """Of the hidden matrices in the second stage; all else learns at three quarters of it."""
    tower_share: float = 0.6
    """Of the second stage."""


def train(folder: Path, recipe: Recipe, processes: int) -> None:
    """Train, or go on where an interrupted training left off; each process takes one core."""
    folder.mkdir(exist_ok=True)
    rendezvous = folder / f"rendezvous-{os.getpid()}"
    arguments = (processes, folder, recipe, rendezvous)
    spawn(_train_rank, arguments, nprocs=processes)  # type: ignore[no-untyped-call]
    rendezvous.unlink(missing_ok=True)


def export(folder: Path, checkpoint: Path) -> None:
    """Write the averaged model of a training, as it stands, in bfloat16."""
    processor = build_processor()
    model = build_model(processor.tokenizer)
    model.load_state_dict(torch.load(folder / STATE, weights_only=True)["average"])
    model.to(torch.bfloat16).save_pretrained(checkpoint)
    processor.image_processor.save_pretrained(checkpoint)
    processor.tokenizer.save_pretrained(checkpoint)
    (checkpoint / "chat_template.jinja").write_text(processor.chat_template)


def _train_rank(rank: int, processes: int, folder: Path, recipe: Recipe, rendezvous: Path) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo", init_method=f"file://{rendezvous}", rank=rank, world_size=processes
    )
    torch.manual_seed(recipe.seed)
    processor = build_processor()
    model = build_model(processor.tokenizer)
    # SDPA's way back in bfloat16 takes five times as long on a CPU.
    model.set_attn_implementation("eager")
    head = DenseHead(WIDTH)
    training = Training(folder / STATE, model, head, recipe, rank, processes)
    see = Stage("see", recipe.see_steps, muon_rate=5e-3, adam_rate=3e-3)
    rate = recipe.speak_rate
    speak = Stage("speak", recipe.speak_steps, rate, 0.75 * rate, recipe.tower_share)
    training.run(see, Seeing(model, head), SightBatches(processor, recipe.seed))
    training.run(speak, Speaking(model, head), ConversationBatches(processor, recipe.seed))
    distributed.destroy_process_group()


class Training:
    """One process's part in the training; the first one keeps the file that it goes on from."""

    def __init__(
        self,
        path: Path,
        model: Phi3VForConditionalGeneration,
        head: DenseHead,
        recipe: Recipe,
        rank: int,
        processes: int,
    ) -> None:
        self._path, self._model, self._head = path, model, head
        self._dtype, self._rank, self._processes = recipe.dtype, rank, processes
        self._steps: dict[str, int] = {}
        """Steps taken in each stage."""
        self._optimizers: dict[str, Any] = {}
        """What the optimizers of each stage remember."""
        if path.exists():
            state = torch.load(path, weights_only=True)
            model.load_state_dict(state["model"])
            head.load_state_dict(state["head"])
            self._steps, self._optimizers = state["steps"], state["optimizers"]
            average = state["average"]
        else:
            if recipe.start:
                _begin_with(model, recipe.start)
            average = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        self._average: dict[str, torch.Tensor] = average

    def run(self, stage: Stage, loss: nn.Module, batches: Dataset[Any]) -> None:
        """Run a stage to its end."""
        first = self._steps.get(stage.name, 0)
        if first >= stage.steps:
            return
        optimizers = _optimizers(loss, stage)
        for name, state in self._optimizers.get(stage.name, {}).items():
            optimizers[name].load_state_dict(state)
        together = DistributedDataParallel(loss)
        saved = time.monotonic()
        bar = tqdm(desc=stage.name, initial=first, total=stage.steps, disable=self._rank > 0)
        for step in range(first, stage.steps):
            _set_rates(optimizers, stage, step)
            batch = batches[step * self._processes + self._rank]
            value, right = self._learn(together, optimizers, batch)
            self._move_average(step)
            self._note(stage.name, step, value, right)
            bar.set_postfix(loss=value, right=right)
            bar.update()
            if step + 1 == stage.steps or time.monotonic() - saved > SAVE_SECONDS:
                self._save(stage.name, step + 1, optimizers)
                saved = time.monotonic()

    def _learn(
        self, loss: nn.Module, optimizers: dict[str, torch.optim.Optimizer], batch: Any
    ) -> tuple[float, float]:
        with torch.autocast("cpu", self._dtype, enabled=self._dtype is not torch.float32):
            value, right = loss(batch)
        value.backward()
        nn.utils.clip_grad_norm_(loss.parameters(), 1.0)
        for optimizer in optimizers.values():
            optimizer.step()
            optimizer.zero_grad()
        return value.item(), right.item()

    def _move_average(self, step: int) -> None:
        if self._rank > 0:
            return
        kept = min(AVERAGING, (1 + step) / (10 + step))
        for name, tensor in self._model.state_dict().items():
            self._average[name].lerp_(tensor, 1 - kept)

    def _note(self, stage: str, step: int, loss: float, right: float) -> None:
        if self._rank > 0:
            return
        with self._path.with_name(LOSSES).open("a") as file:
            file.write(f"{stage},{step},{time.time():.0f},{loss:.4f},{right:.4f}\n")

    def _save(self, stage: str, steps: int, optimizers: dict[str, torch.optim.Optimizer]) -> None:
        if self._rank > 0:
            return
        self._steps[stage] = steps
        self._optimizers[stage] = {name: each.state_dict() for name, each in optimizers.items()}
        state = {
            "model": self._model.state_dict(),
            "average": self._average,
            "head": self._head.state_dict(),
            "steps": self._steps,
            "optimizers": self._optimizers,
        }
        unfinished = self._path.with_suffix(".new")
        torch.save(state, unfinished)
        unfinished.replace(self._path)


def _begin_with(model: Phi3VForConditionalGeneration, checkpoint: Path) -> None:
    """Take a checkpoint's weights over; a word that its tokenizer did not know begins as a mean."""
    trained = Phi3VForConditionalGeneration.from_pretrained(checkpoint, dtype=torch.float32)
    before = PreTrainedTokenizerFast.from_pretrained(checkpoint).get_vocab()
    now = build_processor().tokenizer.get_vocab()
    weights = trained.state_dict()
    for name, new in model.state_dict().items():
        if weights[name].shape != new.shape:  # a row for each word
            rows = weights[name].mean(dim=0).expand(new.shape).clone()
            for word in before.keys() & now.keys():
                rows[now[word]] = weights[name][before[word]]
            weights[name] = rows
    model.load_state_dict(weights)


def _optimizers(loss: nn.Module, stage: Stage) -> dict[str, torch.optim.Optimizer]:
    """Give the hidden matrices to Muon and all else to AdamW."""
    for name, parameter in loss.named_parameters():
        parameter.requires_grad_(stage.tower_share > 0 or not _sees(name))
    named = [pair for pair in loss.named_parameters() if pair[1].requires_grad]
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
    seeing = [each for name, each in named if _sees(name)]
    speaking = [each for name, each in named if not _sees(name)]
    groups = [(seeing, peak * stage.tower_share), (speaking, peak)]
    return [{"params": params, "lr": rate, "peak": rate} for params, rate in groups if params]


def _sees(name: str) -> bool:
    return "tower" in name or "projector" in name


def _is_hidden_matrix(name: str, parameter: torch.Tensor) -> bool:
    outer = ("embed", "lm_head", "head.slots")
    return parameter.ndim == 2 and not any(part in name for part in outer)


def _set_rates(optimizers: dict[str, torch.optim.Optimizer], stage: Stage, step: int) -> None:
    """Warm up, hold, and go down to nothing over the last two fifths."""
    left = 1 - step / stage.steps
    factor = min(1.0, (step + 1) / stage.warmup_steps, left / 0.4)
    for optimizer in optimizers.values():
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * factor
