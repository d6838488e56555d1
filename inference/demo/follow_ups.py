"""What can be asked on about drawn pictures after an answer, and the one right answer each."""

from collections.abc import Iterator
from itertools import chain
from random import Random

from inference.demo.beyond import beyond_turn
from inference.demo.charts import Chart
from inference.demo.covers import Cover
from inference.demo.follow_up_wordings import FITTING_ASKS, FOLLOW_UPS, Next
from inference.demo.grids import markdown
from inference.demo.later_kinds import listed_objects
from inference.demo.list_follow_ups import about_prices, about_sign, about_table
from inference.demo.others import Other
from inference.demo.pairs import CoverPair, MixedPair, Pair, ScenePair
from inference.demo.prices import PriceList
from inference.demo.questions import (
    NO_DIFFERENCE,
    NO_TABLE,
    NO_TEXT,
    REFUSAL,
    Kind,
    Subject,
    Truth,
    answers_of,
    listed,
)
from inference.demo.scenes import COLOURS, NUMBERS, PLACES, SHAPES, Scene, count, plural
from inference.demo.signs import Sign
from inference.demo.tables import Table
from inference.demo.turns import AtOnce, Turn

ORDINALS = ("first", "second")
OPENINGS = {
    Kind.DESCRIBE: Next.AGAIN,
    Kind.OCR: Next.READ,
    Kind.TABLE: Next.TABLE,
    Kind.TITLE: Next.TITLE,
    Kind.AUTHOR: Next.AUTHOR,
    Kind.COUNT: Next.HOW_MANY,
    Kind.EXTREMES: Next.HIGHEST,
    Kind.VALUE: Next.VALUE,
    Kind.COMPARE: Next.DIFFERENCE,
    Kind.ONE_OF_TWO: Next.PICTURE,
    Kind.MARKDOWN: Next.MARKDOWN,
    Kind.OBJECTS: Next.LIST,
    Kind.DISTANCE: Next.HOW_FAR,
    Kind.WAY: Next.WHICH_WAY,
    Kind.PRICE: Next.PRICE,
    Kind.CHEAPEST: Next.CHEAPEST,
    Kind.DEAREST: Next.DEAREST,
    Kind.CELL: Next.CELL,
    Kind.BEYOND: Next.BEYOND,
}
"""What a first question would be after as a later one."""
PARTIAL = (
    Kind.TITLE,
    Kind.AUTHOR,
    Kind.TABLE,
    Kind.ONE_OF_TWO,
    Kind.MARKDOWN,
    Kind.OBJECTS,
    Kind.CELL,
    Kind.AT_ONCE,
)
"""Questions whose answers leave something out."""
PROPERTIES = {
    Next.COLOUR: Next.ITS_COLOUR,
    Next.PLACE: Next.ITS_PLACE,
    Next.SIZE: Next.ITS_SIZE,
    Next.SHAPE: Next.ITS_SHAPE,
}
"""What can be asked about a thing by its name, and how about `it`."""


def follow_ups_of(
    subject: Subject | Pair,
    opening: Truth,
    most: int,
    rng: Random,
    *,
    asks: frozenset[Next] = FITTING_ASKS,
    is_blind: bool = False,
    varied: bool = False,
) -> list[Turn]:
    """Choose what is asked on after an opening, at most so much, out of some asks.

    Who is blind is asked only what the first answer tells: nothing where it does not tell all.
    Where it is varied, the first families are asked for what came later, too.
    """
    before = _as_turn(subject, opening)
    chosen: list[Turn] = []
    if is_blind and not _tells_all(subject, opening):
        return chosen
    while len(chosen) < most:
        turns: dict[Next, list[Turn]] = {}
        later = _later_turns(subject) if varied else ()
        beyond = [beyond_turn(subject, rng)] if Next.BEYOND in asks else []
        absent = []
        if Next.ABSENT in asks and isinstance(subject, Scene):
            absent = [absent_turn(subject, rng)]
        for turn in chain(turns_about(subject, before, rng), later, beyond, absent):
            says_more = turn.answer != before.answer or turn.answer == REFUSAL
            if turn.ask in asks and says_more and not (is_blind and turn.looks):
                turns.setdefault(turn.ask, []).append(turn)
        if not turns:
            break
        before = rng.choice(turns[rng.choice(list(turns))])
        chosen.append(before)
    return chosen


def _as_turn(subject: Subject | Pair, opening: Truth) -> Turn:
    """Say what a first question would be as a later one."""
    if isinstance(opening, AtOnce):
        return opening.turn
    topic = _topic(subject, opening)
    return Turn(OPENINGS[opening.kind], opening.answer, opening.about, topic)


def _tells_all(subject: Subject | Pair, opening: Truth) -> bool:
    """Tell whether an answer says all that is in the picture."""
    if isinstance(subject, Other | MixedPair) or opening.answer in (NO_TEXT, NO_TABLE, REFUSAL):
        return False
    if isinstance(subject, Sign) and opening.kind is Kind.OCR:
        return False
    return opening.kind not in PARTIAL


def _topic(subject: Subject | Pair, opening: Truth) -> int | None:
    match subject:
        case Scene() if len(subject.placed) == 1:
            return 0
        case Chart() if opening.kind is Kind.VALUE:
            return [label for label, _ in subject.bars].index(opening.about)
        case CoverPair() | ScenePair() | MixedPair() if opening.kind is Kind.ONE_OF_TWO:
            return ORDINALS.index(opening.about)
        case Sign() | PriceList() | Table() if opening.kind is not Kind.BEYOND:
            return subject.topic(opening)
    return None


def turns_about(subject: Subject | Pair, before: Turn, rng: Random) -> Iterator[Turn]:
    """List what can be asked on about a subject after a turn."""
    match subject:
        case Scene():
            yield from _about_scene(subject, before, rng)
        case Chart():
            yield from _about_chart(subject, before, rng)
        case Cover():
            yield from _about_cover(subject)
        case CoverPair() | ScenePair() | MixedPair():
            yield from _about_pair(subject, before)
        case Sign():
            yield from about_sign(subject, before)
        case PriceList():
            yield from about_prices(subject, before, rng)
        case Table():
            yield from about_table(subject, before)
        case Other():
            ask = rng.choice([ask for ask, ways in FOLLOW_UPS.items() if "{" not in ways.seen[0]])
            yield Turn(ask, REFUSAL)


def _later_turns(subject: Subject | Pair) -> Iterator[Turn]:
    match subject:
        case Chart():
            yield Turn(Next.MARKDOWN, markdown(subject.grid))
        case Scene():
            yield Turn(Next.LIST, listed_objects(subject))
            yield Turn(Next.MARKDOWN, NO_TABLE)
        case Cover():
            yield Turn(Next.MARKDOWN, NO_TABLE)


def _about_scene(scene: Scene, before: Turn, rng: Random) -> Iterator[Turn]:
    things = [thing for thing, _ in scene.placed]
    alone = 0 if len(things) == 1 else None
    shapes = listed([_a(f"{thing.colour} {thing.shape}") for thing in things])
    yield Turn(Next.SHORTER, f"{shapes.capitalize()}.", topic=alone)
    yield Turn(Next.AGAIN, answers_of(scene)[Kind.DESCRIBE], topic=alone)
    yield Turn(Next.READ, NO_TEXT)
    yield _existence(scene, rng)
    yield _number(scene, rng)
    for number, (thing, place) in enumerate(scene.placed):
        yield Turn(Next.WHAT_AT, f"A {thing}.", place, number)
        for name in _names(scene, number):
            for ask in PROPERTIES:
                if ask in _given_away(scene, number, name):
                    continue
                answer = _property(scene, number, ask, f"The {name}")
                yield Turn(ask, answer, f"the {name}", number)
                if before.topic not in (None, number) and before.asked_among(PROPERTIES) is ask:
                    yield Turn(Next.AND, answer, f"the {name}", number, asked=ask)
    taken = [place for _, place in scene.placed]
    free = rng.choice([place for place in PLACES if place not in taken])
    yield Turn(Next.WHAT_AT, f"There is no shape {free}.", free)
    if before.topic is not None:
        yield from _about_it(scene, before, before.topic)


def absent_turn(scene: Scene, rng: Random) -> Turn:
    """Ask about a shape or a colour that a scene has not got."""
    things = [thing for thing, _ in scene.placed]
    shapes = [shape for shape in SHAPES if all(thing.shape != shape for thing in things)]
    colours = [colour for colour in COLOURS if all(thing.colour != colour for thing in things)]
    ask = rng.choice((Next.PLACE, Next.PLACE, Next.SIZE, Next.COLOUR, Next.SHAPE))
    if shapes and ask is not Next.SHAPE and (ask is Next.COLOUR or rng.random() < 0.5):
        name = rng.choice(shapes)
    else:
        ask = Next.PLACE if ask is Next.COLOUR else ask
        name = f"{rng.choice(colours)} one"
    return Turn(Next.ABSENT, f"There is no {name}.", f"the {name}", wordings=FOLLOW_UPS[ask])


def _about_it(scene: Scene, before: Turn, topic: int) -> Iterator[Turn]:
    """Ask on about the thing that the last answer was about, or about the other one of two."""
    asked = before.asked_among(PROPERTIES)
    for ask, its in PROPERTIES.items():
        if ask is not asked:
            yield Turn(its, _property(scene, topic, ask, "It"), topic=topic)
    if len(scene.placed) == 2:
        other = 1 - topic
        if asked:
            answer = _property(scene, other, asked, "The other one")
            yield Turn(Next.AND_OTHER, answer, topic=other, asked=asked)
        elif before.ask is Next.WHAT_AT:
            answer = f"The other one is a {scene.placed[other][0]}."
            yield Turn(Next.AND_OTHER, answer, topic=other)


def _property(scene: Scene, number: int, ask: Next, who: str) -> str:
    thing, place = scene.placed[number]
    said = {
        Next.COLOUR: thing.colour,
        Next.PLACE: place,
        Next.SIZE: thing.size,
        Next.SHAPE: f"a {thing.shape}",
    }
    return f"{who} is {said[ask]}."


def _names(scene: Scene, number: int) -> list[str]:
    """List what a thing can be called so that no other one is meant."""
    things = [thing for thing, _ in scene.placed]
    thing = things[number]
    names = []
    if [each.shape for each in things].count(thing.shape) == 1:
        names.append(thing.shape)
    if [each.colour for each in things].count(thing.colour) == 1:
        names.append(f"{thing.colour} one")
    if len(things) > 1 and number in (0, len(things) - 1):
        names.append("last one" if number else "first one")
    return names + [f"{side} one" for side in _sides(scene, number)]


def _sides(scene: Scene, number: int) -> list[str]:
    """Tell on which sides of the other thing one of two stands."""
    places = [place for place, thing in enumerate(scene.things) if thing]
    if len(places) != 2:
        return []
    (row, column), (others_row, others_column) = (
        divmod(places[which], 3) for which in (number, 1 - number)
    )
    sides = []
    if row != others_row:
        sides.append("upper" if row < others_row else "lower")
    if column != others_column:
        sides.append("left" if column < others_column else "right")
    return sides


def _given_away(scene: Scene, number: int, name: str) -> set[Next]:
    """Tell what a name says already."""
    thing, word = scene.placed[number][0], name.partition(" ")[0]
    if word in ("upper", "lower", "left", "right"):
        return {Next.PLACE}
    return {Next.COLOUR} if word == thing.colour else {Next.SHAPE} if word == thing.shape else set()


def _existence(scene: Scene, rng: Random) -> Turn:
    names = [f"{thing.colour} {thing.shape}" for thing, _ in scene.placed]
    name = rng.choice((rng.choice(names), f"{rng.choice(list(COLOURS))} {rng.choice(SHAPES)}"))
    answer = f"Yes, there is {_a(name)}." if name in names else f"No, there is no {name}."
    return Turn(Next.IS_THERE, answer, _a(name))


def _number(scene: Scene, rng: Random) -> Turn:
    """List the things of a colour or shape, and then say how many they are."""
    thing, _ = rng.choice(scene.placed)
    any_name = rng.choice((*COLOURS, *SHAPES))
    name = rng.choice((any_name, thing.colour, thing.shape))
    found = [(thing, place) for thing, place in scene.placed if thing.is_called(name)]
    parts = [f"a {thing} ({number}) {place}" for number, (thing, place) in enumerate(found, 1)]
    conclusion = count(len(found), name if name in SHAPES else f"{name} shape") + "."
    about = plural(name) if name in SHAPES else f"{name} {rng.choice(('shapes', 'ones'))}"
    if not found:
        return Turn(Next.HOW_MANY, conclusion, about)
    reading = listed(parts).capitalize()
    return Turn(Next.HOW_MANY, f"{reading}. {conclusion}", about, reading=(reading,))


def _about_chart(chart: Chart, before: Turn, rng: Random) -> Iterator[Turn]:
    answers, number = answers_of(chart), NUMBERS[len(chart.bars)]
    yield Turn(Next.SHORTER, f'A bar chart with the title "{chart.title}" and {number} bars.')
    yield Turn(Next.AGAIN, answers[Kind.DESCRIBE])
    yield Turn(Next.READ, answers[Kind.OCR])
    yield Turn(Next.TABLE, answers[Kind.TABLE])
    yield Turn(Next.CHART_TITLE, f'The title of the chart is "{chart.title}".')
    yield Turn(Next.BARS, f"There are {number} bars.")
    for place, (label, value) in enumerate(chart.bars):
        said = f"The value of {label} is {value}."
        yield Turn(Next.VALUE, said, label, place)
        yield Turn(Next.AND, said, label, place)
        if before.topic is not None and abs(place - before.topic) == 1:
            yield Turn(Next.ABOVE if place < before.topic else Next.BELOW, said, topic=place)
    values = [value for _, value in chart.bars]
    for ask, value in ((Next.HIGHEST, max(values)), (Next.LOWEST, min(values))):
        place = values.index(value)
        answer = f"The {ask.value} value is {value} ({chart.bars[place][0]})."
        yield Turn(ask, answer, topic=place)
    one, two, three = rng.sample(range(len(values)), 3)
    yield _higher(chart, one, two, Next.HIGHER, f"{chart.bars[one][0]} or {chart.bars[two][0]}")
    if before.topic is not None:
        other = three if one == before.topic else one
        yield _higher(chart, before.topic, other, Next.HIGHER_THAN_THAT, chart.bars[other][0])


def _higher(chart: Chart, one: int, two: int, ask: Next, about: str) -> Turn:
    (first, value), (second, other) = chart.bars[one], chart.bars[two]
    reading = f"{first} has {value} and {second} has {other}"
    higher = one if value > other else two
    return Turn(ask, f"{reading}. {chart.bars[higher][0]} is higher.", about, higher, (reading,))


def _about_cover(cover: Cover) -> Iterator[Turn]:
    answers, (first, last), count = answers_of(cover), cover.author, len(cover.title)
    yield Turn(Next.TITLE, answers[Kind.TITLE])
    yield Turn(Next.AUTHOR, answers[Kind.AUTHOR])
    yield Turn(Next.FIRST_NAME, f"The first name of the author is {first}.")
    yield Turn(Next.LAST_NAME, f"The last name of the author is {last}.")
    if "&" not in cover.title_text:
        yield Turn(Next.WORDS, f"The title has {NUMBERS[count]} word{'s' * (count > 1)}.")
    yield Turn(Next.SHORTER, f'"{cover.title_text}" by {cover.author_text}.')
    yield Turn(Next.AGAIN, answers[Kind.DESCRIBE])
    yield Turn(Next.READ, answers[Kind.OCR], looks=True)  # the order of the halves
    yield Turn(Next.TABLE, NO_TABLE)


def _about_pair(pair: Pair, before: Turn) -> Iterator[Turn]:
    truths = pair.truths()
    compared = next(truth for truth in truths if truth.kind is Kind.COMPARE)
    conclusion = compared.answer.rpartition(". ")[2]
    if before.ask is Next.DIFFERENCE:
        if compared.reading:
            yield Turn(Next.ONLY_DIFFERENCE, conclusion)
            yield Turn(Next.SHORTER, conclusion)
    else:
        yield Turn(Next.DIFFERENCE, compared.answer, reading=compared.reading, looks=True)
    if compared.answer != REFUSAL:
        is_same = conclusion == NO_DIFFERENCE
        same = "Yes, they are the same." if is_same else "No, they are different."
        yield Turn(Next.SAME, same)
    for truth in truths:
        if truth.kind is Kind.ONE_OF_TWO:
            which = ORDINALS.index(truth.about)
            yield Turn(Next.PICTURE, truth.answer, truth.about, which)
            if before.ask in (Next.PICTURE, Next.AND_OTHER, Next.AND):
                yield Turn(Next.AND, truth.answer, f"the {truth.about}", which)
                if before.topic == 1 - which:
                    yield Turn(Next.AND_OTHER, truth.answer, topic=which)
    if isinstance(pair, CoverPair):
        for which, cover in enumerate((pair.first, pair.second)):
            name = ORDINALS[which]
            title = f'The title in the {name} picture is "{cover.title_text}".'
            author = f"The author in the {name} picture is {cover.author_text}."
            yield Turn(Next.TITLE_OF, title, name, which)
            yield Turn(Next.AUTHOR_OF, author, name, which)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
