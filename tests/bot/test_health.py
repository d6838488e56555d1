"""The page for machines: is the bot alive, can it answer, and its numbers."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.health import HealthPage, known_key, new_key
from bot.metrics import Metrics
from bot.vitals import LastErrors
from inference import Ending, StopReason

LOG = logging.getLogger("bot.test_health")
ENDING = Ending(StopReason.END, 800, 700, 30, 4, 0.0, 0.1, 0.2, 0.3, 1.5)


@pytest.fixture
async def page() -> AsyncIterator[tuple[str, Metrics, list[bool]]]:
    metrics, ready = Metrics(), [False]
    served = HealthPage(metrics.registry, lambda: ready[0], metrics.totals)
    port = await served.open("127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{port}", metrics, ready
    finally:
        await served.close()


async def get(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return response.status, await response.text()


async def test_alive_is_not_yet_ready(page: tuple[str, Metrics, list[bool]]) -> None:
    address, _, ready = page
    assert (await get(f"{address}/healthz"))[0] == 200
    assert (await get(f"{address}/readyz"))[0] == 503
    ready[0] = True
    assert (await get(f"{address}/readyz"))[0] == 200


async def test_what_happened_can_be_counted(page: tuple[str, Metrics, list[bool]]) -> None:
    address, metrics, _ = page
    metrics.said(ENDING)
    metrics.ended("ocr", "answered", "de")
    metrics.ended("ocr", "NotAPictureError", "de")
    _, text = await get(f"{address}/metrics")
    told = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert told["vision_bot_questions_total", "answered", "de", "ocr"] == 1
    assert told["vision_bot_tokens_total", "read"] == 100
    assert told["vision_bot_tokens_total", "found"] == 700
    assert told["vision_bot_tokens_total", "said"] == 30
    totals = metrics.totals()
    assert (totals["answered"], totals["not_answered"]) == (1, 1)
    assert totals["tokens_a_second"] == pytest.approx(20)


async def order(address: str, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession() as session, session.post(address, headers=headers) as answer:
        return answer.status


async def test_it_takes_orders_from_who_has_the_key_alone(tmp_path: Path) -> None:
    obeyed: list[str] = []

    def obey(what: str) -> bool:
        obeyed.append(what)
        return what == "pause"

    key = new_key(tmp_path)
    page = HealthPage(Metrics().registry, lambda: True, dict, key, obey)
    address = f"http://127.0.0.1:{await page.open('127.0.0.1', 0)}"
    try:
        for wrong in ("", "guess", known_key(tmp_path)[::-1]):
            assert await order(f"{address}/pause", wrong) == 403
        assert obeyed == []
        assert await order(f"{address}/pause", known_key(tmp_path)) == 200
        assert await order(f"{address}/resume", key) == 503
        assert await order(f"{address}/stop", key) == 404
    finally:
        await page.close()
    assert obeyed == ["pause", "resume"]


def test_nobody_else_can_read_the_key_and_each_run_has_a_new_one(tmp_path: Path) -> None:
    first = new_key(tmp_path)
    assert new_key(tmp_path) != first
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


async def test_nothing_else_is_taken(page: tuple[str, Metrics, list[bool]]) -> None:
    address, _, _ = page
    async with aiohttp.ClientSession() as session, session.post(f"{address}/status") as response:
        assert response.status == 405


@pytest.fixture
def errors() -> Iterator[LastErrors]:
    """What is kept of the log of this file."""
    errors = LastErrors()
    LOG.addHandler(errors)
    yield errors
    LOG.removeHandler(errors)


def test_no_token_is_kept_with_an_error(errors: LastErrors) -> None:
    LOG.error("POST %s failed", "https://discord.com/api/webhooks/1/secret/messages")
    (line,) = errors.lines
    assert line["message"] == "POST https://discord.com/api/webhooks/1/…/messages failed"


def test_the_last_errors_are_kept_and_no_others(errors: LastErrors) -> None:
    LOG.info("All is well.")
    for number in range(7):
        LOG.error("Job %s failed.", number)
    assert [line["message"] for line in errors.lines] == [f"Job {n} failed." for n in range(2, 7)]
