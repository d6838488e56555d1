"""The exams of the small model: what each one shows and asks, and the share to reach."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from inference.demo.exercises import Asking, Exercise, Family, draw_exercise
from inference.demo.follow_up_wordings import FITTING_ASKS, Next
from inference.demo.questions import FITTING_KINDS, Kind, Style
from inference.demo.words import Split

KNOWN = (Family.COVERS, Family.SCENES, Family.DIFFERENCES, Family.CHARTS)
LISTS = (Family.SIGNS, Family.PRICES, Family.TABLES)


@dataclass(frozen=True, slots=True)
class Exam:
    """Exercises that are marked together, and the share to reach."""

    name: str
    families: tuple[Family, ...]
    goal: float
    kinds: frozenset[Kind] = FITTING_KINDS
    style: Style = Style.SEEN
    follow_ups: int = 0
    """How many follow-ups lead to the answer that is marked."""
    asks: frozenset[Next] = FITTING_ASKS
    """What the follow-ups are after."""
    follow_up_style: Style = Style.SEEN
    worn: bool = False
    varied: bool = False

    def exercises(self, count: int, seed: int | None) -> Iterator[Exercise]:
        """Draw the exercises of a seed, always the same."""
        name = self.name if seed is None else f"{seed} {self.name}"
        asking = Asking(
            follow_ups=self.follow_ups,
            kinds=self.kinds,
            asks=self.asks,
            style=self.style,
            follow_up_style=self.follow_up_style,
        )
        for number in range(count):
            yield draw_exercise(
                self.families[number % len(self.families)],
                Random(f"exam {name} {number}"),
                Split.TEST,
                asking,
                worn=self.worn,
                varied=self.varied,
                number=number,
            )


EXAMS = (
    Exam("covers, exact", (Family.COVERS,), 0.95),
    Exam("scenes, all objects", (Family.SCENES,), 0.95, frozenset({Kind.DESCRIBE})),
    Exam("scenes, counts", (Family.SCENES,), 0.95, frozenset({Kind.COUNT})),
    Exam("differences", (Family.DIFFERENCES,), 0.95, frozenset({Kind.COMPARE})),
    Exam("charts, value asked for", (Family.CHARTS,), 0.90, frozenset({Kind.VALUE})),
    Exam("charts, highest and lowest", (Family.CHARTS,), 0.95, frozenset({Kind.EXTREMES})),
    Exam("charts, read wholly", (Family.CHARTS,), 0.90,
         frozenset({Kind.DESCRIBE, Kind.OCR, Kind.TABLE})),
    Exam("anything else, refused", (Family.OTHERS,), 0.98),
    Exam("known, seen wordings", KNOWN, 0.95),
    Exam("known, held-out wordings", KNOWN, 0.90, style=Style.HELD_OUT),
    Exam("known, held-out wordings as typed", KNOWN, 0.90, style=Style.TYPED_HELD_OUT),
    Exam("follow-ups, second turn", KNOWN, 0.95, follow_ups=1),
    Exam("follow-ups, third turn", KNOWN, 0.95, follow_ups=2),
    Exam("follow-ups, held-out wordings", KNOWN, 0.90, follow_ups=1,
         follow_up_style=Style.HELD_OUT),
    Exam("worn pictures", KNOWN, 0.90, worn=True),
    Exam("strangers, refused", (Family.STRANGERS,), 1.0),
    Exam("near misses, answered", (Family.NEAR_MISSES,), 0.90),
    Exam("covers in ten fonts", (Family.COVERS,), 0.95,
         frozenset({Kind.DESCRIBE, Kind.TITLE, Kind.AUTHOR, Kind.OCR}), varied=True),
    Exam("signposts", (Family.SIGNS,), 0.95, varied=True),
    Exam("price lists", (Family.PRICES,), 0.95, varied=True),
    Exam("tables", (Family.TABLES,), 0.95, varied=True),
    Exam("tables as Markdown", (Family.TABLES, Family.PRICES, Family.CHARTS), 0.95,
         frozenset({Kind.MARKDOWN}), varied=True),
    Exam("objects listed", (Family.SCENES,), 0.95, frozenset({Kind.OBJECTS}), varied=True),
    Exam("lists, held-out wordings", LISTS, 0.92, style=Style.HELD_OUT, varied=True),
    Exam("lists, held-out wordings as typed", LISTS, 0.92, style=Style.TYPED_HELD_OUT,
         varied=True),
    Exam("lists, second turn", LISTS, 0.95, follow_ups=1, varied=True),
    Exam("lists, third turn", LISTS, 0.95, follow_ups=2, varied=True),
    Exam("beyond the picture, declined", (*KNOWN, *LISTS), 0.90, frozenset({Kind.BEYOND}),
         style=Style.HELD_OUT, varied=True),
    Exam("beyond it, second turn", (*KNOWN, *LISTS), 0.90, follow_ups=1,
         asks=frozenset({Next.BEYOND}), follow_up_style=Style.HELD_OUT, varied=True),
    Exam("asked at once", KNOWN, 0.95, frozenset({Kind.AT_ONCE})),
    Exam("asked at once, held-out wordings", KNOWN, 0.90, frozenset({Kind.AT_ONCE}),
         style=Style.HELD_OUT),
    Exam("lists, asked at once", LISTS, 0.95, frozenset({Kind.AT_ONCE}), varied=True),
    Exam("shapes that are not there", (Family.SCENES,), 0.95, follow_ups=1,
         asks=frozenset({Next.ABSENT})),
)  # fmt: skip
