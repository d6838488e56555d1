"""A real engine that is listened to: what it is asked, and how each of its answers ends."""

from collections.abc import AsyncGenerator

from inference import TASKS, Delta, Ending, Engine, Request


class ListenedEngine:
    """The real engine, and what it has heard and said."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.requests: list[Request] = []
        self.endings: list[Ending] = []
        self.answers: list[str] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    @property
    def heard(self) -> list[tuple[str, int]]:
        """Return the turns of the last request: what each says, and how many pictures it has."""
        return [(each.text, len(each.pictures)) for each in self.requests[-1].messages]

    def said(self, number: int, task: str) -> str:
        """Return the words of an answer as people see them."""
        return TASKS[task].reading(self.answers[number], self.endings[number]).text.strip()

    async def generate(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Answer as the real engine does."""
        self.requests.append(request)
        self.answers.append("")
        number = len(self.answers) - 1
        async for delta in self._engine.generate(request):
            self.answers[number] += delta.text
            if delta.ending:
                self.endings.append(delta.ending)
            yield delta
