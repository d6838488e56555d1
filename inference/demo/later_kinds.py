"""What pictures of the first families can be asked besides since their exams were fixed."""

from collections.abc import Iterator

from inference.demo.charts import Chart
from inference.demo.covers import Cover
from inference.demo.grids import markdown
from inference.demo.others import Other
from inference.demo.pairs import Pair
from inference.demo.questions import NO_TABLE, REFUSAL, Kind, Subject, Truth
from inference.demo.scenes import Scene, plural

ASKED_OF_OTHERS = {
    Kind.MARKDOWN: "",
    Kind.OBJECTS: "",
    Kind.CHEAPEST: "",
    Kind.DEAREST: "",
    Kind.DISTANCE: "Kimo",
    Kind.WAY: "Tola",
    Kind.PRICE: "Rula",
    Kind.CELL: "Bo of Kim",
}


def later_truths(subject: Subject | Pair) -> Iterator[Truth]:
    """List what such a picture can be asked; its own list stays as the first exams know it."""
    match subject:
        case Chart():
            yield Truth(Kind.MARKDOWN, markdown(subject.grid), weight=8)
        case Scene():
            yield Truth(Kind.OBJECTS, listed_objects(subject), weight=40)
            yield Truth(Kind.MARKDOWN, NO_TABLE, weight=3)
        case Cover():
            yield Truth(Kind.MARKDOWN, NO_TABLE)
        case Other():
            for kind, about in ASKED_OF_OTHERS.items():
                yield Truth(kind, REFUSAL, about)


def listed_objects(scene: Scene) -> str:
    """List the shapes by colour, a line for each kind of thing: how many, and where."""
    places: dict[tuple[str, str], list[str]] = {}
    for thing, place in scene.placed:
        places.setdefault((thing.colour, thing.shape), []).append(place)
    return "\n".join(
        f"{len(found)} {colour} {shape if len(found) == 1 else plural(shape)}: {', '.join(found)}"
        for (colour, shape), found in places.items()
    )
