"""First questions that are otherwise asked on: "what colour is the star?" right away."""

from random import Random

from inference.demo.follow_up_wordings import FOLLOW_UPS, Next
from inference.demo.follow_ups import absent_turn, turns_about
from inference.demo.pairs import Pair
from inference.demo.questions import Kind, Subject, Truth
from inference.demo.scenes import Scene
from inference.demo.turns import AtOnce, Turn

ASKS = frozenset({
    Next.SHORTER, Next.COLOUR, Next.PLACE, Next.SIZE, Next.SHAPE, Next.WHAT_AT, Next.IS_THERE,
    Next.ABSENT, Next.CHART_TITLE, Next.BARS, Next.HIGHER, Next.FIRST_NAME, Next.LAST_NAME,
    Next.WORDS, Next.SAME, Next.PICTURE, Next.TITLE_OF, Next.AUTHOR_OF, Next.PLACES, Next.NEAREST,
    Next.FARTHEST, Next.LIST_TITLE, Next.ITEMS, Next.CHEAPER, Next.ROWS, Next.COLUMNS,
})  # fmt: skip
"""What stands for itself and would not be answered otherwise as a first question."""
SHARE = 3
"""There is one such question to so many others."""
NOTHING_YET = Turn(Next.AGAIN, "")


def truth_at_once(subject: Subject | Pair, truths: list[Truth], rng: Random) -> AtOnce | None:
    """Choose such a question, if there is one, and weigh it beside the other truths."""
    turns: dict[Next, list[Turn]] = {}
    for turn in turns_about(subject, NOTHING_YET, rng):
        turns.setdefault(turn.ask, []).append(turn)
    if isinstance(subject, Scene):
        turns[Next.ABSENT] = [absent_turn(subject, rng)]
    asks = [ask for ask in turns if ask in ASKS]
    if not asks:
        return None
    turn = rng.choice(turns[rng.choice(asks)])
    return AtOnce(
        Kind.AT_ONCE,
        turn.answer,
        turn.about,
        weight=max(1, sum(truth.weight for truth in truths) // SHARE),
        reading=turn.reading,
        wordings=turn.wordings or FOLLOW_UPS[turn.ask],
        turn=turn,
    )
