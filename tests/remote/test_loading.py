"""What the operator is told when the engine elsewhere is loaded."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from inference import (
    Engine,
    EngineSettings,
    ModelLoadError,
    RemoteSettings,
    SettingsError,
    load_engine,
    read_settings,
)
from inference.__main__ import main
from inference.remote.discovery import discover
from inference.remote.engine import RemoteEngine
from tests.inference.asking import ask, question
from tests.remote.dialects import Refusal, TransformersServe
from tests.remote.model_server import SENTENCE, Behaviour, ModelServer, hangs_up, refuses


async def find(*servers: ModelServer, **settings: Any) -> Any:
    """Ask the servers what they serve, in a thread as the bot does."""
    urls = tuple(server.url for server in servers)
    chosen = RemoteSettings(_env_file=None, url=urls, **settings)
    return await asyncio.to_thread(discover, chosen, lambda _: None)


async def test_engine_url_puts_servers_in_the_models_place(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGINE_URL", server.url.removesuffix("/v1"))
    engine: Engine = await asyncio.to_thread(load_engine)
    assert isinstance(engine, RemoteEngine)
    assert engine.model_name == "demo"
    assert (await ask(engine, question("What is this?")))[0] == "".join(SENTENCE).lstrip()
    await engine.close()


async def test_a_check_of_them_looks_for_no_weights_here(
    server: ModelServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.seconds_a_token = 0  # time stands still while the check runs beside it
    monkeypatch.setenv("ENGINE_URL", server.url)
    monkeypatch.setenv("MODEL_SOURCE", str(tmp_path / "nothing"))
    assert await asyncio.to_thread(main, ["check"]) == 1  # they say another sentence
    printed = capsys.readouterr()
    head, *_ = printed.out.split("\n\n")
    labels = [line.split()[0] for line in head.splitlines()]
    assert labels == ["```text", "model", "servers", "versions", "loading"]
    assert server.url not in printed.out


def test_small_weights_are_not_asked_of_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE_URL", "http://127.0.0.1:1")
    with pytest.raises(SettingsError, match="MODEL_WEIGHTS is int4, but the servers in ENGINE_URL"):
        load_engine(EngineSettings(weights="int4"))


async def test_the_key_is_shown_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ModelServer(key="sesame") as server:
        with pytest.raises(ModelLoadError, match="ENGINE_KEY"):
            await find(server)
        monkeypatch.setenv("ENGINE_URL", server.url)
        monkeypatch.setenv("ENGINE_KEY", "sesame")
        engine = await asyncio.to_thread(load_engine)
        await ask(engine, question("What is this?"))
        await engine.close()


async def test_a_model_that_is_not_served_is_named_beside_those_that_are(
    server: ModelServer,
) -> None:
    with pytest.raises(ModelLoadError, match=r"ENGINE_MODEL is gpt-9, and .* serves demo"):
        await find(server, model="gpt-9")


async def test_an_address_where_nothing_of_the_sort_is_says_so(server: ModelServer) -> None:
    server.port, port = server.port, server.port
    settings = RemoteSettings(_env_file=None, url=f"http://127.0.0.1:{port}/elsewhere")
    with pytest.raises(ModelLoadError, match="ENGINE_URL"):
        await asyncio.to_thread(discover, settings)


async def test_no_server_at_all_is_told_after_the_time_for_a_start(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with ModelServer() as server:
        pass
    with pytest.raises(ModelLoadError, match=r"No model server answers: .* cannot be reached"):
        await find(server, start_seconds=0)
    assert not caplog.records


async def test_one_server_of_two_is_enough_to_start(server: ModelServer) -> None:
    async with ModelServer() as gone:
        pass
    assert list(await find(gone, server)) == [server.url]


async def test_a_start_waits_for_the_first_server(
    server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    await server.stop()
    loop = asyncio.get_running_loop()
    waits = 0

    def wait(_: float) -> None:
        nonlocal waits
        waits += 1
        if waits == 3:
            asyncio.run_coroutine_threadsafe(server.start(), loop).result()

    settings = RemoteSettings(_env_file=None, url=server.url)
    assert (await asyncio.to_thread(discover, settings, wait))[server.url].name == "demo"
    assert caplog.text.count("Waiting for a model server") == 1


NOTHING_BEHIND_IT = {
    "a port that accepts and closes": hangs_up(),
    "a gateway that finds nobody": refuses(Refusal(502, "Bad Gateway")),
    "a gateway that waits in vain": refuses(Refusal(504, "Gateway Time-out")),
    "a gateway with a status of its own": refuses(Refusal(521, "Web server is down")),
    "a server that fails": refuses(Refusal(500, "Internal Server Error")),
    "a gateway that lets nobody in for now": refuses(Refusal(429, "Too Many Requests")),
}


@pytest.fixture(params=NOTHING_BEHIND_IT.values(), ids=NOTHING_BEHIND_IT.keys())
def nothing_behind_it(request: pytest.FixtureRequest) -> Behaviour:
    return request.param


async def test_a_start_waits_for_a_server_behind_something_that_is_up_before_it(
    server: ModelServer, nothing_behind_it: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    server.lists = nothing_behind_it
    waits = 0

    def wait(_: float) -> None:
        nonlocal waits
        waits += 1
        if waits == 3:
            server.lists = None

    settings = RemoteSettings(_env_file=None, url=server.url)
    assert (await asyncio.to_thread(discover, settings, wait))[server.url].name == "demo"
    assert caplog.text.count("Waiting for a model server") == 1
    server.lists = nothing_behind_it
    with pytest.raises(ModelLoadError, match="No model server answers: "):
        await find(server, start_seconds=0)


async def test_a_server_that_is_not_up_yet_does_not_keep_another_from_being_found(
    server: ModelServer, nothing_behind_it: Behaviour
) -> None:
    async with ModelServer() as not_yet:
        not_yet.lists = nothing_behind_it
        assert list(await find(not_yet, server)) == [server.url]


@pytest.mark.parametrize(
    ("status", "page"),
    [(200, "<h1>Welcome</h1>"), (200, ""), (200, {"hello": "world"}), (200, {"data": ["demo"]}),
     (404, {"detail": "Not Found"}), (501, "Not Implemented")],
)  # fmt: skip
async def test_what_is_up_and_no_model_server_is_said_to_be_none_at_once(
    server: ModelServer, status: int, page: Any
) -> None:
    server.lists = refuses(Refusal(status, page))
    settings = RemoteSettings(_env_file=None, url=server.url)
    with pytest.raises(ModelLoadError, match="ENGINE_URL"):
        await asyncio.to_thread(discover, settings, lambda _: pytest.fail("It waits."))


@pytest.mark.parametrize(
    ("model", "context", "warns"),
    [("microsoft/Phi-3.5-vision-instruct", 131072, True), ("demo", 8192, True),
     ("microsoft/Phi-3.5-vision-instruct", 4096, False), ("Qwen3-VL-8B", 262144, False)],
)  # fmt: skip
async def test_the_long_rope_factors_are_warned_of(
    caplog: pytest.LogCaptureFixture, model: str, context: int, warns: bool
) -> None:
    async with ModelServer(model=model, context=context) as server:
        await find(server)
    mends = f"vllm serve /models/{model} --max-model-len 4096"
    assert (mends in caplog.text) is warns


async def test_a_server_that_tells_little_is_served_too() -> None:
    async with ModelServer(TransformersServe()) as server:
        (served,) = (await find(server)).values()
    assert (served.name, served.context, served.by_vllm) == ("demo", None, False)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("http://gpu:8000", ("http://gpu:8000/v1",)),
        ("http://gpu:8000/", ("http://gpu:8000/v1",)),
        ("https://a.example/api/v1/", ("https://a.example/api/v1",)),
        ("http://a:1, http://b:2/v1", ("http://a:1/v1", "http://b:2/v1")),
        ("", ()),
    ],
)
def test_addresses_are_read_as_people_write_them(
    monkeypatch: pytest.MonkeyPatch, written: str, read: tuple[str, ...]
) -> None:
    monkeypatch.setenv("ENGINE_URL", written)
    assert read_settings(RemoteSettings).url == read


def test_what_is_no_address_is_said_to_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE_URL", "gpu:8000")
    with pytest.raises(SettingsError, match=r"ENGINE_URL is wrong.*for example ENGINE_URL=http"):
        read_settings(RemoteSettings)


def test_no_torch_is_imported_for_servers_elsewhere() -> None:
    code = (
        "import sys, inference, inference.remote.engine\n"
        "heavy = {'torch', 'transformers', 'numpy', 'tokenizers', 'safetensors'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_without_an_address_the_model_runs_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENGINE_URL", raising=False)
    with pytest.raises(ModelLoadError, match="nowhere"):
        load_engine(EngineSettings(_env_file=None, source="./nowhere", device="cpu"))
