"""How each kind of checkpoint is asked: one table, with a column for each kind."""

from dataclasses import dataclass
from enum import StrEnum

from inference.interface import ModelKind
from inference.tasks.languages import TRANSLATIONS


class Detail(StrEnum):
    """How much an answer is to say."""

    SHORT = "short"
    NORMAL = "normal"
    LONG = "long"

    @property
    def shorter(self) -> "Detail | None":
        """Return one step less, if there is one."""
        return {Detail.NORMAL: Detail.SHORT, Detail.LONG: Detail.NORMAL}.get(self)

    @property
    def longer(self) -> "Detail | None":
        """Return one step more, if there is one."""
        return {Detail.SHORT: Detail.NORMAL, Detail.NORMAL: Detail.LONG}.get(self)


@dataclass(frozen=True, slots=True)
class Wording:
    """One thing to ask, as each kind of checkpoint has practised it."""

    phi3_vision: str
    demo: str
    any: str

    def of(self, kind: ModelKind) -> str:
        """Return the words for a kind of checkpoint."""
        words: str = getattr(self, kind.name.lower())
        return words


# Phi-3-vision's column keeps to what public answers show it to obey: "1-2 sentences" it does,
# numbered points and "nothing else" it does not; for tables Microsoft's own sample asks for
# Markdown. The small model has learnt its sentences by heart.
WORDINGS: dict[str, Wording] = {
    "describe short": Wording(
        "Describe the image in 1-2 sentences.",
        "Describe this picture in one or two sentences.",
        "Describe this picture in one or two sentences.",
    ),
    "describe": Wording(
        "Describe the image, the most important things first.",
        "Describe what is shown in this picture, the most important things first.",
        "Describe what is shown in this picture, the most important things first.",
    ),
    "describe long": Wording(
        "Describe the image in detail, the most important things first.",
        "Describe this picture in detail, the most important things first.",
        "Describe this picture in detail, the most important things first.",
    ),
    "ocr": Wording(
        "OCR the text of the image as is. OCR:",
        "Transcribe all text in this picture exactly. Keep the line breaks. Write nothing else.",
        "Transcribe all text in this picture exactly as it stands, line by line. "
        "Write only the text.",
    ),
    "table": Wording(
        "Can you convert the table or chart to markdown format?",
        "Write the table or chart in this picture as CSV with a header row. Write nothing else.",
        "Write the table or chart in this picture as CSV with a header row. Write only the CSV.",
    ),
    "objects": Wording(
        "List the objects in the image, with how many there are and where they are.",
        "List the objects in this picture, with how many there are and where they are.",
        "List the objects in this picture, with how many there are and where they are.",
    ),
    "compare two": Wording(
        "What is the difference between these two pictures?",
        "What are the differences between these pictures? "
        "Call them the first picture, the second picture and so on.",
        "What are the differences between these two pictures? "
        "Call them the first picture and the second picture.",
    ),
    "compare": Wording(
        "What are the differences between these pictures? "
        "Call them the first picture, the second picture and so on.",
        "What are the differences between these pictures? "
        "Call them the first picture, the second picture and so on.",
        "What are the differences between these pictures? "
        "Call them the first picture, the second picture and so on.",
    ),
    "alt": Wording(
        "Describe the image in 1-2 plain sentences.",
        "Write alt text for this picture: one or two plain sentences.",
        "Write alt text for this picture: one or two plain sentences.",
    ),
    "frames": Wording(
        "These images are frames of one animation, in order.",
        "These pictures are frames of one animation, in order.",
        "These pictures are frames of one animation, in order.",
    ),
    "parts down": Wording(
        "These images are the parts of one image, from top to bottom; they overlap a little.",
        "These pictures are the parts of one picture, from top to bottom; they overlap a little.",
        "These pictures are the parts of one picture, from top to bottom; they overlap a little.",
    ),
    "parts across": Wording(
        "These images are the parts of one image, from left to right; they overlap a little.",
        "These pictures are the parts of one picture, from left to right; they overlap a little.",
        "These pictures are the parts of one picture, from left to right; they overlap a little.",
    ),
    "answer short": Wording("Answer in 1-2 sentences.", "", "Answer in one or two sentences."),
    "answer long": Wording("Answer in detail.", "", "Answer in detail."),
    "answer in": Wording("Answer in English.", "", "Answer in English."),
}
"""What is asked, by task; the last six are added to other words."""


def wording(name: str, kind: ModelKind, language: str = "en") -> str:
    """Return a wording; Phi-3-vision, which answers in the language that it is asked in, has more.

    Languages are those of `languages_of`.
    """
    plain = WORDINGS[name].of(kind)
    if plain and (kind is ModelKind.PHI3_VISION or name == "answer in"):
        return TRANSLATIONS.get(language, {}).get(name, plain)
    return plain
