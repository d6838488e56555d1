"""Short ways to ask an engine."""

from inference import Delta, Ending, Engine, Message, Picture, Request


def question(text: str, *pictures: Picture, **fields: object) -> Request:
    """Ask one question about pictures: 16 tokens and 4 crops at most unless told otherwise."""
    fields = {"max_new_tokens": 16, "crops": 4} | fields
    return Request((Message("user", text, pictures),), **fields)


async def ask(engine: Engine, request: Request) -> tuple[str, Ending]:
    """Return the whole answer and its ending."""
    deltas: list[Delta] = [delta async for delta in engine.generate(request)]
    ending = deltas[-1].ending
    assert ending is not None
    return "".join(delta.text for delta in deltas), ending
