"""What people must read: plain transformers' answer, laid out as the bot lays it out."""

from bot.replies.compose import compose
from inference import TASKS, Detail, Ending, Request, StopReason, decode_picture
from tests.oracle import Oracle
from tests.wire.model import Upload


class Truth:
    """Asks the oracle about each picture once."""

    def __init__(self, oracle: Oracle) -> None:
        self._oracle = oracle
        self._told: dict[tuple[str, Upload, Detail], str] = {}

    def __call__(self, task: str, picture: Upload, detail: Detail = Detail.NORMAL) -> str:
        """Tell the message that answers a task about a picture."""
        if (task, picture, detail) not in self._told:
            self._told[task, picture, detail] = self._tell(task, picture, detail)
        return self._told[task, picture, detail]

    def going_on(self, question: str, task: str, picture: Upload) -> str:
        """Tell the message that answers a question asked after a task about a picture."""
        first = TASKS[task].request((decode_picture(picture.content),))
        said, _ = self._ask(first)
        earlier = TASKS[task].exchange(said, first.messages[0].pictures)
        return self._answer("ask", TASKS["ask"].request((), question, earlier=earlier))

    def _tell(self, task: str, picture: Upload, detail: Detail) -> str:
        request = TASKS[task].request((decode_picture(picture.content),), detail=detail)
        return self._answer(task, request)

    def _answer(self, task: str, request: Request) -> str:
        text, is_cut = self._ask(request)
        ending = Ending(StopReason.LENGTH if is_cut else StopReason.END, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        return compose(TASKS[task], text, ending, "en-US", signature="", messages=1).content

    def _ask(self, request: Request) -> tuple[str, bool]:
        """Return what the model says, and whether it would say more."""
        tokens = self._oracle.tokens(request)
        text = self._oracle.processor.decode(tokens, skip_special_tokens=True)
        # A character cut off at the end is not said.
        return text.rstrip("\ufffd"), len(tokens) == request.max_new_tokens
