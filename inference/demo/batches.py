"""Exercises → tensors to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

import torch
from torch.utils.data import Dataset

from inference.demo.architecture import CONTEXT, CROP_SIZE, MAX_CROPS, ROWS_PER_CROP
from inference.demo.dense import SLOTS, dense_targets
from inference.demo.drawing import Drawing
from inference.demo.exercises import (
    PIXELS_PER_UNIT,
    Asking,
    Exercise,
    Family,
    Question,
    draw_exercise,
    invent_conclusion,
    invent_conversation,
)
from inference.demo.follow_up_wordings import Next
from inference.demo.looks import PLAIN, invent_look
from inference.demo.pages import draw_page
from inference.demo.questions import Kind, Style
from inference.demo.tensors import Conversations, Layout, Sights, Views
from inference.demo.words import Split
from inference.engine.chat_format import ChatFormat
from inference.interface import Message, Request
from inference.phi3_vision import Phi3VProcessor
from inference.pictures import Picture

IGNORED = -100
"""What torch's cross-entropy leaves out."""

PAGES = 24
SEEING = {
    Family.COVERS: 5,
    Family.CHARTS: 3,
    Family.SCENES: 6,
    Family.NEAR_MISSES: 2,
    Family.SIGNS: 3,
    Family.PRICES: 3,
    Family.TABLES: 4,
}
"""Pictures of each sort in one batch of the first stage, for each process."""

EXERCISES, QUESTIONS = 8, 2
"""Exercises in one batch of the second stage, for each process, and questions about each. The
questions share their pictures' rows, but do not see each other."""
SPEAKING = {
    Family.COVERS: 9,
    Family.SCENES: 3,
    Family.DIFFERENCES: 4,
    Family.CHARTS: 8,
    Family.OTHERS: 1,
    Family.STRANGERS: 2,
    Family.NEAR_MISSES: 2,
    Family.SIGNS: 5,
    Family.PRICES: 7,
    Family.TABLES: 7,
}
"""How often an exercise is of each family."""
VARIED, WORN = 0.6, 0.25
"""The shares of all pictures that have a look of their own, and that are worn."""
FOLLOWED, FOLLOW_UPS = 0.6, 2
"""The share of these exercises that have follow-ups, and how many after each question."""
DRILLS = 12
"""Further exercises in such a batch, of what goes wrong most often."""
DRILLED = {
    Asking(kinds=frozenset({Kind.OBJECTS}), style=Style.PRACTICE): 3,
    Asking(
        follow_ups=2,
        asks=frozenset({Next.PLACE, Next.ITS_PLACE, Next.HOW_MANY, Next.LIST, Next.ABSENT}),
        style=Style.PRACTICE,
    ): 5,
    Asking(kinds=frozenset({Kind.AT_ONCE}), style=Style.PRACTICE): 4,
}
"""How often scenes are asked each of these."""
CONCLUSIONS = 12
"""Questions in such a batch that are asked without a picture: what there is to read is told."""
CONCLUDING = {
    Family.SCENES: 3,
    Family.DIFFERENCES: 3,
    Family.CHARTS: 10,
    Family.SIGNS: 2,
    Family.PRICES: 6,
    Family.TABLES: 3,
}
CONVERSATIONS, LATER_TURNS = 4, 5
"""Conversations without a picture: the first answer is told, and so many more follow."""
CONVERSING = {
    Family.COVERS: 2,
    Family.SCENES: 6,
    Family.DIFFERENCES: 2,
    Family.CHARTS: 5,
    Family.SIGNS: 2,
    Family.PRICES: 3,
    Family.TABLES: 3,
}
PARTS = 3
"""Both halves of a batch are cut into parts of like length, so that little is padded."""
ALIGNED = 8
"""Lengths are multiples of it: a card's attention is quicker then."""


class SightBatches(Dataset[Sights]):
    """The batches of the first stage, by number; no number draws what another one drew."""

    def __init__(self, processor: Phi3VProcessor, seed: int, size: int = 1) -> None:
        self._images, self._seed, self._size = processor.image_processor, seed, size

    def __getitem__(self, number: int) -> Sights:
        rng = Random(f"sights {self._seed} {number}")
        drawings = [_page(rng) for _ in range(PAGES * self._size)]
        for family, count in SEEING.items():
            for _ in range(count * self._size):
                drawings += _draw(family, rng).drawings
        crops = [_crops(self._images.pixels(drawing.image, MAX_CROPS)) for drawing in drawings]
        targets = [dense_targets(drawing, self._images, MAX_CROPS) for drawing in drawings]
        return Sights(torch.cat(crops), torch.cat(targets))


class ConversationBatches(Dataset[list[Conversations]]):
    """The batches of the second stage, by number."""

    def __init__(self, processor: Phi3VProcessor, seed: int, size: int = 1) -> None:
        self._processor, self._seed, self._size = processor, seed, size
        self._format = ChatFormat(processor)

    def __getitem__(self, number: int) -> list[Conversations]:
        rng = Random(f"conversations {self._seed} {number}")
        exercises = [
            _draw(family, rng, QUESTIONS, FOLLOW_UPS if rng.random() < FOLLOWED else 0)
            for family in _choose(SPEAKING, EXERCISES * self._size, rng)
        ]
        drills = rng.choices(list(DRILLED), list(DRILLED.values()), k=DRILLS * self._size)
        exercises += [
            draw_exercise(Family.SCENES, rng, Split.TRAIN, asking, varied=True, worn=_is_worn(rng))
            for asking in drills
        ]
        conclusions = [
            invent_conclusion(family, rng, Split.TRAIN, varied=rng.random() < VARIED)
            for family in _choose(CONCLUDING, CONCLUSIONS * self._size, rng)
        ]
        conversations = [
            invent_conversation(family, rng, Split.TRAIN, LATER_TURNS, varied=rng.random() < VARIED)
            for family in _choose(CONVERSING, CONVERSATIONS * self._size, rng)
        ]
        shown = [self._lesson(exercise) for exercise in exercises]
        told = [
            *(self._conclusion(question) for question in conclusions),
            *(self._conversation(question) for question in conversations),
        ]
        return [self._join(lessons) for lessons in [*_parts(shown), *_parts(told)]]

    def join(self, exercises: list[Exercise]) -> Conversations:
        """Put exercises into one batch."""
        return self._join([self._lesson(exercise) for exercise in exercises])

    def _join(self, lessons: "list[_Lesson]") -> Conversations:
        longest = max(len(lesson.ids) for lesson in lessons)
        length = -(-longest // ALIGNED) * ALIGNED
        tokenizer = self._processor.tokenizer
        drawings = [drawing for lesson in lessons for drawing in lesson.drawings]
        input_ids = _padded([lesson.ids for lesson in lessons], length, tokenizer.pad_token_id)
        labels = _padded([lesson.labels for lesson in lessons], length, IGNORED).flatten()
        speaking = (labels != IGNORED).nonzero()[:, 0]
        image = tokenizer.convert_tokens_to_ids("<|image|>")
        return Conversations(
            input_ids=input_ids,
            position_ids=_padded([lesson.positions for lesson in lessons], length, 0),
            branches=_padded([lesson.branches for lesson in lessons], length, 0),
            pictured=(input_ids.flatten() == image).nonzero()[:, 0],
            speaking=speaking,
            said=labels[speaking],
            views=self._views(drawings) if drawings else None,
        )

    def _views(self, drawings: list[Drawing]) -> Views:
        images = self._processor.image_processor
        grids: dict[tuple[int, int], list[int]] = {}
        pixels = [images.pixels(drawing.image, MAX_CROPS) for drawing in drawings]
        for place, picture in enumerate(pixels):
            height, width, _ = picture.shape
            grids.setdefault((height // CROP_SIZE, width // CROP_SIZE), []).append(place)
        layouts = [
            Layout(grid, torch.stack([pixels[place] for place in places]), places)
            for grid, places in grids.items()
        ]
        targets = torch.cat([self._row_targets(drawing) for drawing in drawings])
        marked = (targets[:, 0] != IGNORED).nonzero()[:, 0]
        return Views(layouts, targets[marked], marked)

    def _lesson(self, exercise: Exercise) -> "_Lesson":
        pictures = tuple(Picture(drawing.image) for drawing in exercise.drawings)
        lesson = _Lesson(drawings=exercise.drawings)
        for question in exercise.questions:
            ids, is_said, shown = self._turns(question, pictures)
            if not lesson.ids:
                lesson.add(ids[:shown], is_said[:shown], position=0)
            lesson.add(ids[shown:], is_said[shown:], position=shown)
        return lesson

    def _conversation(self, question: Question) -> "_Lesson":
        """Tell the first answer instead of a picture, and leave the later ones to be said."""
        ids, is_said, _ = self._turns(question)
        told, _, _ = self._turns(replace(question, follow_ups=()))
        lesson = _Lesson()
        lesson.add(ids, [False] * len(told) + is_said[len(told) :], position=0)
        return lesson

    def _turns(
        self, question: Question, pictures: tuple[Picture, ...] = ()
    ) -> tuple[list[int], list[bool], int]:
        """Write a question, its follow-ups and all answers, as the engine lays them out.

        Returns the ids, which of them the model says, and where the pictures end.
        """
        messages: list[Message] = []
        for turn in (question, *question.follow_ups):
            messages.append(Message("user", turn.text, () if messages else pictures))
            messages.append(Message("assistant", turn.answer))
        last = messages.pop().text
        prompt = self._format.prompt(Request(tuple(messages), crops=MAX_CROPS), longest=CONTEXT)
        tokenizer = self._processor.tokenizer
        begin, end = tokenizer.convert_tokens_to_ids(["<|assistant|>", "<|end|>"])
        ids = [*prompt.ids, *tokenizer.encode(last, add_special_tokens=False), end]
        is_said, speaks = [], False
        for token in ids:
            is_said.append(speaks)
            speaks = token == begin or (speaks and token != end)
        return ids, is_said, prompt.spans[-1].stop if prompt.spans else 0

    def _conclusion(self, question: Question) -> "_Lesson":
        """Ask without a picture, give what it would show, and leave the rest to be said."""
        tokenizer = self._processor.tokenizer
        asked = self._format.prompt(Request((Message("user", question.text),)), longest=CONTEXT).ids
        answer = tokenizer(question.answer, add_special_tokens=False, return_offsets_mapping=True)
        told = _spans(question)
        is_said = [
            not any(start < span.stop and span.start < stop for span in told)
            for start, stop in answer.offset_mapping
        ]
        end = tokenizer.convert_tokens_to_ids("<|end|>")
        lesson = _Lesson()
        lesson.add(
            [*asked, *answer.input_ids, end], [False] * len(asked) + [*is_said, True], position=0
        )
        return lesson

    def _row_targets(self, drawing: Drawing) -> torch.Tensor:
        images = self._processor.image_processor
        size = images.hd_size(*drawing.image.size, MAX_CROPS)
        rows = images.num_image_tokens(size.padded_height, size.padded_width)
        targets = torch.full((rows, SLOTS), IGNORED)
        if not drawing.marks:  # a stranger may show letters, too, but nobody noted them
            return targets
        side = int(ROWS_PER_CROP**0.5)
        high, wide = size.padded_height // CROP_SIZE, size.padded_width // CROP_SIZE
        crops = dense_targets(drawing, images, MAX_CROPS).view(high, wide, side, side, SLOTS)
        grid = crops.transpose(1, 2).reshape(high * side, wide * side, SLOTS)
        separator = torch.full((high * side, 1, SLOTS), IGNORED)
        closed = torch.cat([grid, separator], dim=1).flatten(0, 1)
        targets[: len(closed)] = closed
        return targets


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Pictures, then each question with its answer; branch 0 is what all questions see."""

    drawings: tuple[Drawing, ...] = ()
    ids: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    branches: list[int] = field(default_factory=list)

    def add(self, ids: Sequence[int], is_said: list[bool], position: int) -> None:
        """Add a branch that begins at a position; of its tokens those that are said are learnt."""
        branch = self.branches[-1] + 1 if self.branches else 0
        self.ids.extend(ids)
        nexts = zip(ids[1:], is_said[1:], strict=True)
        self.labels.extend([*(token if said else IGNORED for token, said in nexts), IGNORED])
        self.positions.extend(range(position, position + len(ids)))
        self.branches.extend([branch] * len(ids))


def _page(rng: Random) -> Drawing:
    look = invent_look(rng) if rng.random() < VARIED else PLAIN
    return draw_page(rng, rng.uniform(*PIXELS_PER_UNIT), look)


def _draw(family: Family, rng: Random, questions: int = 1, follow_ups: int = 0) -> Exercise:
    asking = Asking(questions, follow_ups, frozenset(Kind), frozenset(Next), Style.PRACTICE)
    return draw_exercise(
        family,
        rng,
        Split.TRAIN,
        asking,
        varied=rng.random() < VARIED,
        worn=_is_worn(rng),
    )


def _is_worn(rng: Random) -> bool:
    return rng.random() < WORN


def _spans(question: Question) -> list[range]:
    """Find where in the answer its readings stand."""
    spans: list[range] = []
    for part in question.reading:
        start = question.answer.index(part, spans[-1].stop if spans else 0)
        spans.append(range(start, start + len(part)))
    return spans


def _choose(weights: dict[Family, int], count: int, rng: Random) -> list[Family]:
    return rng.choices(list(weights), list(weights.values()), k=count)


def _parts(lessons: list[_Lesson]) -> list[list[_Lesson]]:
    lessons = sorted(lessons, key=lambda lesson: len(lesson.ids))
    size = -(-len(lessons) // PARTS)
    return [lessons[at : at + size] for at in range(0, len(lessons), size)]


def _padded(rows: list[list[int]], length: int, blank: int) -> torch.Tensor:
    return torch.tensor([row + [blank] * (length - len(row)) for row in rows])


def _crops(pixels: torch.Tensor) -> torch.Tensor:
    """Cut (height, width, 3) into (crops, side, side, 3)."""
    rows, columns = pixels.shape[0] // CROP_SIZE, pixels.shape[1] // CROP_SIZE
    grid = pixels.view(rows, CROP_SIZE, columns, CROP_SIZE, 3).transpose(1, 2)
    return grid.reshape(-1, CROP_SIZE, CROP_SIZE, 3)
