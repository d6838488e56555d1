"""`python -m bot pause` and `resume` beside a bot that runs, that loads, and beside none."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.console.orders import give_order
from bot.console.status import show_status
from bot.health import HealthPage, new_key
from bot.metrics import Metrics


def has_ipv6() -> bool:
    """Tell whether this machine's loopback has an address of that kind."""
    try:
        with socket.socket(socket.AF_INET6) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return False
    return True


class RunningBot:
    """What of a running bot the page tells and orders."""

    def __init__(self) -> None:
        self.is_loaded = True
        self.is_paused = False

    def obey(self, order: str) -> bool:
        if self.is_loaded:
            self.is_paused = order == "pause"
        return self.is_loaded

    def status(self) -> dict[str, object]:
        told = {
            "version": "1",
            "model": "small",
            "up_seconds": 1,
            "servers": 2,
            "last_errors": [],
            "beside": {},
        }
        return {**told, **Metrics().totals(), "memory_bytes": 1, "paused": self.is_paused}


@pytest.fixture
def host() -> str:
    """Where its page listens."""
    return "127.0.0.1"


@pytest.fixture
async def running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> AsyncIterator[RunningBot]:
    bot = RunningBot()
    key = new_key(tmp_path)
    page = HealthPage(Metrics().registry, lambda: bot.is_loaded, bot.status, key, bot.obey)
    port = await page.open(host, 0)
    monkeypatch.setenv("BOT_METRICS_HOST", host)
    monkeypatch.setenv("BOT_METRICS_PORT", str(port))
    monkeypatch.setenv("BOT_DATA", str(tmp_path))
    yield bot
    await page.close()


async def test_the_running_bot_pauses_and_says_so_until_it_resumes(
    running: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await give_order("pause") == 0
    assert running.is_paused
    assert "takes nothing new" in capsys.readouterr().out
    assert await show_status() == 0
    assert "paused" in capsys.readouterr().out
    assert await give_order("resume") == 0
    assert not running.is_paused
    assert await show_status() == 0
    assert "paused" not in capsys.readouterr().out


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("host", ["::1", "::"])
async def test_it_is_found_by_ipv6_too(
    running: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await show_status(ready_only=True) == 0
    assert capsys.readouterr().out == "ready\n"
    assert await give_order("pause") == 0
    assert running.is_paused


async def test_where_the_page_is_closed_one_sentence_says_by_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new_key(tmp_path)
    monkeypatch.setenv("BOT_DATA", str(tmp_path))
    monkeypatch.setenv("BOT_METRICS_PORT", "0")
    assert await give_order("pause") == 1
    assert await show_status() == 1
    for said in capsys.readouterr().out.splitlines():
        assert "BOT_METRICS_PORT=0" in said
        assert "start it" not in said


async def test_a_bot_that_is_loading_its_model_is_to_be_asked_again(
    running: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    running.is_loaded = False
    assert await give_order("pause") == 1
    assert "try again in a minute" in capsys.readouterr().out


async def test_another_folders_bot_is_left_alone(
    running: RunningBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    new_key(other)
    monkeypatch.setenv("BOT_DATA", str(other))
    assert await give_order("pause") == 1
    assert "BOT_DATA" in capsys.readouterr().out
    assert not running.is_paused


async def test_where_no_bot_runs_one_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_DATA", str(tmp_path))
    assert await give_order("pause") == 1
    assert capsys.readouterr().out.startswith("No bot answers on port")
