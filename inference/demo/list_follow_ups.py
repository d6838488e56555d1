"""What can be asked on about signposts, price lists and tables."""

from collections.abc import Iterator
from random import Random

from inference.demo.follow_up_wordings import Next
from inference.demo.prices import PriceList, cost, extreme, price
from inference.demo.questions import NO_TABLE, Kind, answers_of, listed
from inference.demo.scenes import NUMBERS
from inference.demo.signs import Sign, Way, direction, distance
from inference.demo.tables import Table
from inference.demo.turns import Turn

WAYS = {Next.HOW_FAR: distance, Next.WHICH_WAY: direction}
ITS_WAYS = {Next.HOW_FAR: Next.HOW_FAR_IT_IS, Next.WHICH_WAY: Next.WHICH_WAY_IT_IS}


def about_sign(sign: Sign, before: Turn) -> Iterator[Turn]:
    """Ask for places by name, for the one just named, and for what they have in common."""
    answers = answers_of(sign)
    places = [way.place for way in sign.ways]
    yield Turn(Next.SHORTER, f"A signpost to {listed(places)}.")
    yield Turn(Next.AGAIN, answers[Kind.DESCRIBE])
    yield Turn(Next.READ, answers[Kind.OCR])
    yield Turn(Next.TABLE, NO_TABLE)
    yield Turn(Next.MARKDOWN, NO_TABLE)
    yield Turn(Next.PLACES, f"There {_are(len(places), 'place')}.")
    asked = before.asked_among(ITS_WAYS)
    for number, way in enumerate(sign.ways):
        for ask, answer in WAYS.items():
            yield Turn(ask, answer(way), way.place, number)
            if asked is ask and before.topic != number:
                yield Turn(Next.AND, answer(way), way.place, number, asked=ask)
    if before.topic is not None:
        yield from _about_board(sign, before.topic, asked)
    if len(places) > 1:
        yield _outermost(sign, Next.NEAREST, min(sign.ways, key=lambda way: way.km))
        yield _outermost(sign, Next.FARTHEST, max(sign.ways, key=lambda way: way.km))


def _about_board(sign: Sign, topic: int, asked: Next | None) -> Iterator[Turn]:
    """Ask on about the place of the last answer, or about the one below or above it."""
    way = sign.ways[topic]
    if asked is not Next.HOW_FAR:
        yield Turn(Next.HOW_FAR_IT_IS, f"It is {way.km} km.", topic=topic)
    if asked is not Next.WHICH_WAY:
        yield Turn(Next.WHICH_WAY_IT_IS, f"It is {way.direction}.", topic=topic)
    if asked:
        for ask, other in ((Next.NEXT_ONE, topic + 1), (Next.ONE_BEFORE, topic - 1)):
            if 0 <= other < len(sign.ways):
                answer = WAYS[asked](sign.ways[other])
                yield Turn(ask, answer, topic=other, asked=asked)


def _outermost(sign: Sign, ask: Next, way: Way) -> Turn:
    return Turn(ask, f"The {ask.value} is {way.place} ({way.km} km).", topic=sign.ways.index(way))


def about_prices(prices: PriceList, before: Turn, rng: Random) -> Iterator[Turn]:
    """Ask for prices by name and by place, and compare them."""
    answers, items = answers_of(prices), prices.items
    count = NUMBERS[len(items)]
    yield Turn(Next.SHORTER, f'A price list with the title "{prices.title}" and {count} items.')
    yield Turn(Next.AGAIN, answers[Kind.DESCRIBE])
    yield Turn(Next.READ, answers[Kind.OCR])
    yield Turn(Next.TABLE, answers[Kind.TABLE])
    yield Turn(Next.MARKDOWN, answers[Kind.MARKDOWN])
    yield Turn(Next.LIST_TITLE, f'The title of the list is "{prices.title}".')
    yield Turn(Next.ITEMS, f"There are {count} items.")
    for number, item in enumerate(items):
        yield Turn(Next.PRICE, cost(item), item[0], number)
        yield Turn(Next.AND, cost(item), item[0], number)
        if before.topic is not None and abs(number - before.topic) == 1:
            ask = Next.NEXT_ONE if number > before.topic else Next.ONE_BEFORE
            yield Turn(ask, cost(item), topic=number)
    for ask, item in ((Next.CHEAPEST, prices.cheapest), (Next.DEAREST, prices.dearest)):
        yield Turn(ask, extreme(ask.value, item), topic=items.index(item))
    one, two = rng.sample(items, 2)
    reading = f"{one[0]} costs {price(one[1])} and {two[0]} costs {price(two[1])}"
    cheaper = min(one, two, key=lambda item: item[1])
    answer = f"{reading}. {cheaper[0]} is cheaper."
    about = f"{one[0]} or {two[0]}"
    yield Turn(Next.CHEAPER, answer, about, items.index(cheaper), (reading,))


def about_table(table: Table, before: Turn) -> Iterator[Turn]:
    """Ask for cells by row and column, and for others in the same row or column."""
    answers, columns = answers_of(table), len(table.header)
    yield Turn(Next.SHORTER, f"A table with {table.size}.")
    yield Turn(Next.AGAIN, answers[Kind.DESCRIBE])
    yield Turn(Next.READ, answers[Kind.OCR])
    yield Turn(Next.TABLE, answers[Kind.TABLE])
    yield Turn(Next.MARKDOWN, answers[Kind.MARKDOWN])
    yield Turn(Next.ROWS, f"There are {NUMBERS[len(table.rows)]} rows.")
    yield Turn(Next.COLUMNS, f"The columns are {listed(list(table.header))}.")
    for row, cells in enumerate(table.rows):
        for column in range(1, columns):
            about = f"{table.header[column]} of {cells[0]}"
            yield Turn(Next.CELL, table.cell(row, column), about, row * columns + column)
    if before.topic is None:
        return
    row, column = divmod(before.topic, columns)
    for other in range(len(table.rows)):
        if other != row:
            yield _other_cell(table, other, column, table.rows[other][0])
    for other in range(1, columns):
        if other != column:
            yield _other_cell(table, row, other, f"the {table.header[other]}")
    for ask, other in ((Next.NEXT_ONE, row + 1), (Next.ONE_BEFORE, row - 1)):
        if 0 <= other < len(table.rows):
            yield Turn(ask, table.cell(other, column), topic=other * columns + column)


def _other_cell(table: Table, row: int, column: int, about: str) -> Turn:
    return Turn(Next.AND, table.cell(row, column), about, row * len(table.header) + column)


def _are(number: int, noun: str) -> str:
    return f"is one {noun}" if number == 1 else f"are {NUMBERS[number]} {noun}s"
