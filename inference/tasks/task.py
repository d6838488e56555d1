"""The one table of what people can ask: crops, lengths, after-care; its words stand in wordings."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

from inference.interface import (
    GREEDY,
    Ending,
    Message,
    ModelKind,
    Request,
    Sampling,
    StopReason,
    without_oldest_turn,
)
from inference.pictures import CROPS, Picture, Source, parts_of
from inference.tasks.forms import is_absence, is_refusal, is_retelling
from inference.tasks.languages import language_for
from inference.tasks.reading import Form, Note, Reading
from inference.tasks.rounds import one_round
from inference.tasks.tables import Rows, parse_table, write_csv
from inference.tasks.wordings import WORDINGS, Detail, wording
from inference.tasks.wrapping import (
    settled_transcription,
    settled_without_marks,
    without_marks,
    without_wrapping,
)


def _details(short: int, normal: int, long: int) -> dict[Detail, int]:
    return {Detail.SHORT: short, Detail.NORMAL: normal, Detail.LONG: long}


QUESTIONS_BACK = 3
"""So many earlier questions of a conversation go along with a new one."""
ROUNDS = 3
ROUNDS_OF_A_COPY = 24
"""Rounds of the same after which an answer goes in a circle: the rows of a table may be equal."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that people can ask about pictures."""

    name: str
    new_tokens: Mapping[Detail, int]
    """The longest answer in tokens, for each detail that can be asked for."""
    crops: tuple[int, ...]
    """Most crops per picture, by the number of pictures; its length is the most pictures."""
    least_new_tokens: int | None = None
    """Where all does not fit, the answer is given less room, down to this, before crops go."""
    transcribes: bool = False
    """The answer copies what is in the picture."""
    cuts: bool = False
    """One long picture is cut into parts that are seen large enough to be read."""
    is_csv: bool = False

    @property
    def max_pictures(self) -> int:
        """Tell how many pictures the task takes at most."""
        return len(self.crops)

    @property
    def details(self) -> tuple[Detail, ...]:
        """List the details that can be asked for, the shortest first."""
        return tuple(self.new_tokens)

    @property
    def asks_by_itself(self) -> bool:
        """Tell whether the task has words of its own, so that nobody need ask a question."""
        return self.name in WORDINGS

    def request(
        self,
        pictures: tuple[Picture, ...] = (),
        question: str = "",
        *,
        kind: ModelKind = ModelKind.PHI3_VISION,
        detail: Detail = Detail.NORMAL,
        locale: str = "en",
        language: str | None = None,
        earlier: tuple[Message, ...] = (),
        seed: int | None = None,
        busy: bool = False,
        scope: str | None = None,
        source: Source = Source.PICTURE,
    ) -> Request:
        """Ask this task of the pictures; a question takes the place of the task's own wording.

        `kind` is the engine's. `earlier` are the turns before, the oldest first: the last three
        questions go along, and all pictures. With a `seed` the answer is another one than usual.
        Several pictures of one `source` are told to be its frames; pages are looked at closely.
        `busy` looks less closely, four crops at most, as when many people wait; not at a scrolled
        screenshot, which is cut into parts and else could not be read. For `locale` and
        `language` see `words`: an answer without a word is asked for once more with
        `language="en"`, where that makes another request.
        """
        if len(pictures) > self.max_pictures or not (pictures or _pictures(earlier)):
            raise ValueError(f"{self.name} takes 1 to {self.max_pictures} pictures")
        earlier = _recent(earlier, self.max_pictures - len(pictures))
        shown = len(pictures) + len(_pictures(earlier))
        words = self.words(
            question, kind=kind, pictures=shown, detail=detail, locale=locale, language=language
        )
        crops = min(self.crops[shown - 1], 4 if busy else CROPS)
        if source is Source.PAGES:
            crops = CROPS
        messages = whole = (*earlier, _asked(words, pictures, kind, source))
        if self.cuts and shown == 1 and (messages := _in_parts(whole, kind)) != whole:
            crops = CROPS
        return Request(
            messages=messages,
            max_new_tokens=self.new_tokens.get(detail, self.new_tokens[Detail.NORMAL]),
            least_new_tokens=self.least_new_tokens,
            crops=crops,
            sampling=GREEDY if seed is None else Sampling(temperature=0.7, top_p=0.9, seed=seed),
            loop_rounds=ROUNDS_OF_A_COPY if self.transcribes else ROUNDS,
            scope=scope,
        )

    def exchange(
        self,
        answer: str,
        pictures: tuple[Picture, ...] = (),
        question: str = "",
        *,
        kind: ModelKind = ModelKind.PHI3_VISION,
        locale: str = "en",
        source: Source = Source.PICTURE,
    ) -> tuple[Message, Message]:
        """Return a question as `request` asks it by default and its answer, for a later `earlier`.

        Where it was asked so, of the same pictures, the engine may still know it. Asked in another
        detail or in a chosen language it had other words.
        """
        words = self.words(question, kind=kind, pictures=len(pictures), locale=locale)
        return _asked(words, pictures, kind, source), Message("assistant", answer)

    def words(
        self,
        question: str = "",
        *,
        kind: ModelKind = ModelKind.PHI3_VISION,
        pictures: int = 1,
        detail: Detail = Detail.NORMAL,
        locale: str = "en",
        language: str | None = None,
    ) -> str:
        """Return what the model is asked.

        The task's own wording asks for an answer in the language that somebody chose, else in that
        of their locale, as `es-419`, if the kind of model is known to speak it, else in English.
        A question of their own speaks for itself unless they chose a language. What is copied out
        of a picture stays in the picture's language.
        """
        if self.transcribes:
            return question or wording(self.name, kind)
        speaks = language_for(language or locale, kind)
        name = self._wording_name(pictures, detail)
        parts = [question or (wording(name, kind, speaks) if self.asks_by_itself else "")]
        if detail in self.new_tokens and detail is not Detail.NORMAL and detail not in name:
            parts.append(wording(f"answer {detail}", kind, speaks))
        if language if question else kind is ModelKind.ANY and speaks != "en":
            parts.append(wording("answer in", kind, speaks))
        return "\n".join(filter(None, parts))

    def _wording_name(self, pictures: int, detail: Detail) -> str:
        special = f"{self.name} two" if pictures == 2 else f"{self.name} {detail}"
        return special if special in WORDINGS else self.name

    def tidy(self, text: str) -> str:
        """Take away what the model says around its answer; works on unfinished text too.

        A table, in whatever form the model wrote it, becomes CSV.
        """
        if not self.transcribes:
            return without_marks(text)
        body = without_wrapping(text)
        return write_csv(rows) if self.is_csv and (rows := parse_table(body)) else body

    def settled(self, text: str) -> str:
        """Return the part of an unfinished answer that stays, tidy, whatever is said next."""
        if self.is_csv:  # the last row may yet show that it is none
            return ""
        return settled_transcription(text) if self.transcribes else settled_without_marks(text)

    def reading(self, text: str, ending: Ending | None = None) -> Reading:
        """Say what an answer is, tidy, with what is to be noted about it.

        Without an ending it is unfinished: what it looks like so far, and no notes.
        """
        if ending and ending.reason is StopReason.LOOP:
            text = one_round(text)
        body = without_wrapping(text) if self.transcribes else without_marks(text)
        rows = _whole_rows(body, ending) if self.is_csv else ()
        form = self._form(body, rows)
        notes = self._notes(form, ending) if ending else ()
        return Reading(form, write_csv(rows) if rows else body, rows, notes)

    def _form(self, body: str, rows: Rows) -> Form:
        if not body.strip():
            return Form.EMPTY
        if rows:
            return Form.TABLE
        if self.transcribes and is_absence(body):
            return Form.ABSENCE
        if is_refusal(body):
            return Form.REFUSAL
        if not self.transcribes:
            return Form.WORDS
        return Form.RETELLING if is_retelling(body) else Form.TRANSCRIPTION

    def _notes(self, form: Form, ending: Ending) -> tuple[Note, ...]:
        if form is Form.EMPTY:
            return ()
        notes = {
            Note.REPEATED: ending.reason is StopReason.LOOP,
            Note.CUT: ending.reason is StopReason.LENGTH,
            Note.FEWER_CROPS: ending.fewer_crops,
            Note.RETOLD: form is Form.RETELLING,
            Note.NOT_A_TABLE: self.is_csv and form is Form.TRANSCRIPTION,
            Note.MAY_CONTAIN_ERRORS: form in (Form.TRANSCRIPTION, Form.TABLE),
        }
        return tuple(note for note, holds in notes.items() if holds)


def _whole_rows(body: str, ending: Ending | None) -> Rows:
    """Read a table without the row in which it broke off: half a number is a wrong one."""
    is_whole = ending is not None and ending.reason is StopReason.END
    if not is_whole and (rows := parse_table(body[: body.rfind("\n") + 1])):
        return rows
    return parse_table(body)


def _asked(words: str, pictures: tuple[Picture, ...], kind: ModelKind, source: Source) -> Message:
    """Ask about pictures, saying so where they are the frames of an animation."""
    if source is Source.FRAMES and len(pictures) > 1:
        words = f"{wording('frames', kind)}\n{words}"
    return Message("user", words, pictures)


def _pictures(messages: tuple[Message, ...]) -> tuple[Picture, ...]:
    return tuple(picture for message in messages for picture in message.pictures)


def _in_parts(messages: tuple[Message, ...], kind: ModelKind) -> tuple[Message, ...]:
    """Show a long picture in parts, and say so where it is shown."""
    return tuple(
        replace(message, pictures=parts, text=f"{_order(parts, kind)}\n{message.text}")
        if len(parts := tuple(itertools.chain(*map(parts_of, message.pictures)))) > 1
        else message
        for message in messages
    )


def _order(parts: tuple[Picture, ...], kind: ModelKind) -> str:
    width, height = parts[0].image.size
    return wording("parts down" if height > width else "parts across", kind)


def _recent(earlier: tuple[Message, ...], most_pictures: int) -> tuple[Message, ...]:
    """Return the last questions with their answers; of too many pictures the oldest go."""
    while sum(message.role == "user" for message in earlier) > QUESTIONS_BACK:
        earlier = without_oldest_turn(earlier)
    surplus = len(_pictures(earlier)) - most_pictures
    kept = []
    for message in earlier:
        gone = min(max(surplus, 0), len(message.pictures))
        kept.append(replace(message, pictures=message.pictures[gone:]))
        surplus -= gone
    return tuple(kept)


ONE_OR_SEVERAL = (CROPS, 4, 4, 4, 4, 4)
"""Crops of one picture, and of each of two to six."""

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task("describe", _details(96, 256, 512), crops=ONE_OR_SEVERAL, cuts=True),
        Task(
            "ocr",
            {Detail.NORMAL: 2048},
            crops=ONE_OR_SEVERAL,
            least_new_tokens=1024,
            transcribes=True,
            cuts=True,
        ),
        Task("table", {Detail.NORMAL: 1024}, crops=(16,), transcribes=True, is_csv=True),
        Task("objects", _details(96, 384, 768), crops=(16,)),
        Task("compare", _details(96, 384, 768), crops=(4, 4, 4, 4, 1, 1)),
        Task("alt", {Detail.NORMAL: 96}, crops=(4,)),
        Task("ask", _details(96, 512, 1024), crops=ONE_OR_SEVERAL, cuts=True),
    )
}
