"""The one table of what people can ask: wording, crops, lengths, after-care."""

import csv
import io
import re
from dataclasses import dataclass
from enum import StrEnum

from inference.interface import Message, Request
from inference.pictures import Picture


class Length(StrEnum):
    """How long a description is wanted."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that people can ask about pictures."""

    name: str
    prompt: str
    max_new_tokens: int
    crops: tuple[int, ...]
    """Most crops per picture, by the number of pictures; its length is the most pictures."""
    transcribes: bool = False
    """The answer copies what is in the picture: no preamble, no endless repetition."""
    is_csv: bool = False

    @property
    def max_pictures(self) -> int:
        """Tell how many pictures the task takes at most."""
        return len(self.crops)

    def request(
        self,
        pictures: tuple[Picture, ...],
        question: str = "",
        *,
        length: Length = Length.MEDIUM,
        busy: bool = False,
        scope: str | None = None,
    ) -> Request:
        """Ask this task of the pictures; a question takes the place of the task's own wording.

        `busy` looks less closely, four crops at most, as when many people wait.
        """
        if not 1 <= len(pictures) <= self.max_pictures:
            raise ValueError(f"{self.name} takes 1 to {self.max_pictures} pictures")
        words, max_new_tokens = LENGTHS.get((self.name, length), (self.prompt, self.max_new_tokens))
        crops = self.crops[len(pictures) - 1]
        return Request(
            messages=(Message("user", question or words, pictures),),
            max_new_tokens=max_new_tokens,
            crops=min(crops, 4) if busy else crops,
            loop_guard=self.transcribes,
            scope=scope,
        )

    def tidy(self, text: str) -> str:
        """Take away what the model says around a transcription; works on unfinished text too."""
        return _without_wrapping(text) if self.transcribes else text

    def settled(self, text: str) -> str:
        """Return the part of an unfinished answer that stays, tidy, whatever is said next."""
        if not self.transcribes:
            return text
        if _COURTESY.fullmatch(text[: text.rfind("\n") + 1]):  # a preamble may yet follow
            return ""
        tidy = self.tidy(text)
        return tidy[: max(tidy.rfind("\n"), 0)]  # the line and its break may yet be wrapping

    def parses(self, text: str) -> bool:
        """Tell whether a finished answer has the form that the task promises."""
        return not self.is_csv or _is_csv(self.tidy(text))


ONE_OR_SEVERAL = (16, 4, 4, 4, 4, 4)
"""Crops of one picture, and of each of two to six."""

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task(
            "describe",
            "Describe what is shown in this picture, the most important things first.",
            max_new_tokens=256,
            crops=ONE_OR_SEVERAL,
        ),
        Task(
            "ocr",
            "Transcribe all text in this picture exactly. "
            "Keep the line breaks. Write nothing else.",
            max_new_tokens=1024,
            crops=ONE_OR_SEVERAL,
            transcribes=True,
        ),
        Task(
            "table",
            "Write the table or chart in this picture as CSV with a header row. "
            "Write nothing else.",
            max_new_tokens=1024,
            crops=(16,),
            transcribes=True,
            is_csv=True,
        ),
        Task(
            "objects",
            "List the objects in this picture, with how many there are and where they are.",
            max_new_tokens=384,
            crops=(16,),
        ),
        Task(
            "compare",
            "What are the differences between these pictures? "
            "Call them the first picture, the second picture and so on.",
            max_new_tokens=384,
            crops=(4, 4, 4, 4, 1, 1),
        ),
        Task(
            "alt",
            "Write alt text for this picture: one or two plain sentences.",
            max_new_tokens=96,
            crops=(4,),
        ),
        Task("ask", "", max_new_tokens=512, crops=ONE_OR_SEVERAL),
    )
}

LENGTHS = {
    ("describe", Length.SHORT): ("Describe this picture in one or two sentences.", 96),
    ("describe", Length.LONG): (
        "Describe this picture in detail, the most important things first.",
        512,
    ),
}

_COURTESY = re.compile(
    r"\s* (?: (?:sure|certainly|of\ course)\b [,.!]? \s* )? ", re.IGNORECASE | re.VERBOSE
)
_PREAMBLE = re.compile(
    _COURTESY.pattern
    + r"""(?: here (?:'s|\ is|\ are)\b [^\n:]{0,100} \b(?:text|table|chart|transcription|csv)\b
      | the\ (?:text|table|chart)\ (?:in|on|of|from)\ (?:this|the)\ (?:picture|image|chart)\b
    ) [^\n:]{0,60} : [ \t]*\n*""",
    re.IGNORECASE | re.VERBOSE,
)
_FENCE = re.compile(r"\A```[a-z]*[ \t]*\n(.*?)(?:\n?```\s*)?\Z", re.DOTALL)


def _without_wrapping(text: str) -> str:
    body = text[match.end() :] if (match := _PREAMBLE.match(text)) else text
    if match := _FENCE.match(body):
        body = match[1]
    return body.lstrip("\n")


def _is_csv(text: str) -> bool:
    try:
        rows = [row for row in csv.reader(io.StringIO(text.strip()), strict=True) if row]
    except csv.Error:
        return False
    return len(rows) >= 2 and len(rows[0]) >= 2 and all(len(row) == len(rows[0]) for row in rows)
