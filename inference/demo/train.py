"""Train the small model: first to see what lies under each patch, then to speak about it."""

import math
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import distributed, nn
from torch import multiprocessing as sharing
from torch.multiprocessing.spawn import spawn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm
from transformers import PreTrainedTokenizerFast

from inference.demo.architecture import WIDTH, build_model, build_processor
from inference.demo.batches import ConversationBatches, SightBatches
from inference.demo.dense import DenseHead
from inference.demo.losses import Seeing, Speaking
from inference.demo.optimizers import Stage, build_optimizers, set_rates
from inference.demo.tensors import to_device
from inference.errors import ModelLoadError
from inference.phi3_vision import Phi3VForConditionalGeneration

SAVE_SECONDS = 60
NOTED_TOGETHER = 20
"""Steps whose losses are asked for at once: a card need not wait at each."""
STATE = "state.pt"
LOSSES = "loss.csv"
AVERAGING = 0.99
"""How much of the averaged weights stays in each step, once there were many."""
OUTPUTS = r"\.(o_proj|down_proj|out_proj|fc2)\."
"""What a layer adds to its input goes through one of these."""


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
    device: str = "cpu"
    batch_size: int = 1
    """How many times larger a batch is than the sizes in `batches.py`, for each process."""
    drawers: int = 0
    """Further processes of each one that draw the pictures; with none it draws its own."""
    minutes: tuple[float, float] = (math.inf, math.inf)
    """Of each stage, at the most."""
    warm_steps: int = 0
    """Before both, of the head alone: beside a trained tower a new one would shake it."""


def train(folder: Path, recipe: Recipe, processes: int) -> None:
    """Train, or go on where an interrupted training left off; each process takes one core."""
    folder.mkdir(exist_ok=True)
    if processes == 1:
        _train_rank(0, 1, folder, recipe)
        return
    rendezvous = folder / f"rendezvous-{os.getpid()}"
    arguments = (processes, folder, recipe, rendezvous)
    spawn(_train_rank, arguments, nprocs=processes)  # type: ignore[no-untyped-call]
    rendezvous.unlink(missing_ok=True)


def export(folder: Path, checkpoint: Path, other: Path | None = None) -> None:
    """Write the averaged model of a training, as it stands, in bfloat16.

    With another checkpoint, such as the one that the training began with, the mean of both: what
    the one has learnt is there, and little of what the other knew is lost. Raises ModelLoadError
    where the two have not the same layers and words.
    """
    processor = build_processor()
    model = build_model(processor.tokenizer)
    state = torch.load(folder / STATE, map_location="cpu", weights_only=True)
    weights = state["average"]
    if other:
        before, words = _knowledge_of(other)
        if _shapes(before) != _shapes(weights) or words != processor.tokenizer.get_vocab():
            raise ModelLoadError(
                f"{other} has other layers or words than {folder / STATE}: no mean of both."
            )
        weights = {name: (weights[name] + old) / 2 for name, old in before.items()}
    model.load_state_dict(weights)
    model.to(torch.bfloat16).save_pretrained(checkpoint)
    processor.image_processor.save_pretrained(checkpoint)
    processor.tokenizer.save_pretrained(checkpoint)
    (checkpoint / "chat_template.jinja").write_text(processor.chat_template)


def _train_rank(
    rank: int, processes: int, folder: Path, recipe: Recipe, rendezvous: Path | None = None
) -> None:
    torch.set_num_threads(1)
    if rendezvous:
        distributed.init_process_group(
            "gloo", init_method=f"file://{rendezvous}", rank=rank, world_size=processes
        )
    if recipe.drawers:  # a file for each tensor would be more than may be open
        sharing.set_sharing_strategy("file_system")  # type: ignore[no-untyped-call]
    torch.manual_seed(recipe.seed)
    processor = build_processor()
    images, seed, size = processor.image_processor, recipe.seed, recipe.batch_size
    model = build_model(processor.tokenizer)
    # SDPA's way back in bfloat16 takes five times as long on a CPU.
    is_slow = recipe.device == "cpu" and recipe.dtype is torch.bfloat16
    model.set_attn_implementation("eager" if is_slow else "sdpa")
    head = DenseHead(WIDTH)
    training = Training(folder / STATE, model, head, recipe, rank, processes)
    to_see, to_speak = recipe.minutes
    see = Stage("see", recipe.see_steps, muon_rate=5e-3, adam_rate=3e-3, minutes=to_see)
    rate = recipe.speak_rate
    speak = Stage("speak", recipe.speak_steps, rate, 0.75 * rate, recipe.tower_share, to_speak)
    warm = Stage("warm", recipe.warm_steps, muon_rate=0, adam_rate=1e-2, tower_share=0)
    training.run(warm, Seeing(model, images, head), SightBatches(processor, seed, size))
    training.run(see, Seeing(model, images, head), SightBatches(processor, seed, size))
    training.run(speak, Speaking(model, images, head), ConversationBatches(processor, seed, size))
    if rendezvous:
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
        self._recipe, self._rank, self._processes = recipe, rank, processes
        self._device = torch.device(recipe.device)
        self._noted: list[tuple[int, float, torch.Tensor]] = []
        """Step, time, loss and share of right answers, until they are written down."""
        self._steps: dict[str, int] = {}
        """Steps taken in each stage."""
        self._optimizers: dict[str, Any] = {}
        """What the optimizers of each stage remember."""
        if path.exists():
            state = torch.load(path, map_location="cpu", weights_only=True)
            model.load_state_dict(state["model"])
            head.load_state_dict(state["head"])
            self._steps, self._optimizers = state["steps"], state["optimizers"]
            average = state["average"]
        else:
            if recipe.start:
                _begin_with(model, recipe.start)
            average = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        model.to(self._device)
        head.to(self._device)
        self._average = {name: tensor.to(self._device) for name, tensor in average.items()}

    def run(self, stage: Stage, loss: nn.Module, batches: Dataset[Any]) -> None:
        """Run a stage to its end."""
        first = self._steps.get(stage.name, 0)
        if first >= stage.steps:
            return
        optimizers = build_optimizers(loss, stage, self._recipe.dtype)
        for name, state in self._optimizers.get(stage.name, {}).items():
            optimizers[name].load_state_dict(state)
        together = loss
        if self._processes > 1:
            rests = stage.tower_share == 0  # and so may the head that reads
            together = DistributedDataParallel(loss, find_unused_parameters=rests)
        begun = saved = time.monotonic()
        elapsed = 0.0
        bar = tqdm(desc=stage.name, initial=first, total=stage.steps, disable=self._rank > 0)
        for step, batch in enumerate(self._drawn(batches, first, stage.steps), first):
            set_rates(optimizers, stage, step, elapsed)
            self._learn(together, optimizers, batch, step)
            self._move_average(step)
            elapsed = self._seconds_since(begun)
            is_last = stage.progress(step + 1, elapsed) >= 1
            if is_last or len(self._noted) == NOTED_TOGETHER:
                self._note(stage.name, bar)
            if is_last or time.monotonic() - saved > SAVE_SECONDS:
                self._save(stage.name, stage.steps if is_last else step + 1, optimizers)
                saved = time.monotonic()
            if is_last:
                break

    def _seconds_since(self, begun: float) -> float:
        """Read the first process's clock, since all must take the same steps at the same rates."""
        seconds = torch.tensor(time.monotonic() - begun)
        if self._processes > 1:
            distributed.broadcast(seconds, src=0)
        return seconds.item()

    def _drawn(self, batches: Dataset[Any], first: int, steps: int) -> Iterator[Any]:
        """Draw this process's batches of the steps that are left, and bring them to the device."""
        numbers = range(steps * self._processes)[first * self._processes + self._rank :]
        loader = DataLoader(
            batches,
            batch_size=None,
            sampler=numbers[:: self._processes],
            num_workers=self._recipe.drawers,
            pin_memory=self._device.type == "cuda",
        )
        return (to_device(batch, self._device) for batch in loader)

    def _learn(
        self,
        loss: nn.Module,
        optimizers: dict[str, torch.optim.Optimizer],
        batch: Any,
        step: int,
    ) -> None:
        dtype = self._recipe.dtype
        with torch.autocast(self._device.type, dtype, enabled=dtype is not torch.float32):
            value, right = loss(batch)
        value.backward()
        nn.utils.clip_grad_norm_(loss.parameters(), 1.0)
        for optimizer in optimizers.values():
            optimizer.step()
            optimizer.zero_grad()
        self._noted.append((step, time.time(), torch.stack([value.detach(), right])))

    def _move_average(self, step: int) -> None:
        if self._rank > 0:
            return
        kept = min(AVERAGING, (1 + step) / (10 + step))
        names, tensors = zip(*self._model.state_dict().items(), strict=True)
        torch._foreach_lerp_([self._average[name] for name in names], list(tensors), 1 - kept)

    def _note(self, stage: str, bar: tqdm) -> None:
        """Write down what was learnt lately."""
        steps, self._noted = self._noted, []
        if self._rank > 0:
            return
        found = torch.stack([values for *_, values in steps]).tolist()
        with self._path.with_name(LOSSES).open("a") as file:
            for (step, at, _), (loss, right) in zip(steps, found, strict=True):
                file.write(f"{stage},{step},{at:.0f},{loss:.4f},{right:.4f}\n")
        bar.set_postfix(loss=loss, right=right)
        bar.update(len(steps))

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
    """Take a checkpoint's weights over.

    A word that its tokenizer did not know begins as a mean; a layer that it has not got changes
    nothing at first.
    """
    weights, before = _knowledge_of(checkpoint)
    now = build_processor().tokenizer.get_vocab()
    for name, new in model.state_dict().items():
        if name not in weights:
            weights[name] = torch.zeros_like(new) if re.search(OUTPUTS, name) else new
        elif weights[name].shape != new.shape:  # a row for each word
            rows = weights[name].mean(dim=0).expand(new.shape).clone()
            for word in before.keys() & now.keys():
                rows[now[word]] = weights[name][before[word]]
            weights[name] = rows
    model.load_state_dict(weights)


def _knowledge_of(checkpoint: Path) -> tuple[dict[str, torch.Tensor], dict[str, int]]:
    """Return a checkpoint's weights, and its words with their rows."""
    model = Phi3VForConditionalGeneration.from_pretrained(checkpoint, dtype=torch.float32)
    return model.state_dict(), PreTrainedTokenizerFast.from_pretrained(checkpoint).get_vocab()


def _shapes(weights: dict[str, torch.Tensor]) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in weights.items()}
