"""The true vision tower in a real vLLM: `python -m tests.remote.real.long`.

A random checkpoint with all of CLIP ViT-L/14-336 and a small decoder answers questions about the
golden pictures, two pictures at once and a follow-up: token for token what the local engine says.
Takes about a minute a question on two cores; the tests beside this do it with the small model.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from inference import EngineSettings, Message, Picture, RemoteSettings, Request, decode_picture
from inference.checkpoint.loading import load_model
from inference.engine.local import LocalEngine, vocabulary_of
from inference.engine.transcript import Detokenizer
from inference.phi3_vision.chat import CHAT_TEMPLATE
from inference.phi3_vision.configuration import CLIP_VIT_LARGE_PATCH14_336
from inference.remote.discovery import discover
from inference.remote.question import Phrasing, askings
from inference.remote.server import Server
from tests.golden import FOLDER
from tests.golden.weights import write_checkpoint
from tests.inference.asking import ask
from tests.remote.real.environment import vllm_python
from tests.remote.real.served import RealVllm
from tests.tiny.checkpoint import CONFIG, FILES
from tests.tiny.checkpoint import FOLDER as TINY

TOKENS, CROPS, SEED = 24, 4, 7007
DECODER: dict[str, Any] = {
    "architectures": ["Phi3VForConditionalGeneration"],
    "hidden_size": 256,
    "intermediate_size": 512,
    "num_hidden_layers": 3,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "rope_scaling": {
        "type": "su",
        "short_factor": [1 + 0.05 * n for n in range(16)],
        "long_factor": [1 + 4.0 * n for n in range(16)],
    },
    "embd_layer": {
        "use_hd_transform": True,
        "with_learnable_separator": True,
        "hd_transform_order": "sub_glb",
    },
    "img_processor": {"image_dim_out": 1024, "num_img_tokens": 144, "layer_idx": -2},
}


def write_true_tower(folder: Path) -> Path:
    """Write the checkpoint as the hub would have it, with the tiny model's tokenizer."""
    write_checkpoint(folder, CONFIG | DECODER, CLIP_VIT_LARGE_PATCH14_336, SEED)
    for name, fields in FILES.items():
        if name == "tokenizer_config.json":
            fields = fields | {"extra_special_tokens": ["<|system|>", "<|end|>", "<|user|>"]}
        (folder / name).write_text(json.dumps(fields))
    (folder / "tokenizer.json").write_bytes((TINY / "tokenizer.json").read_bytes())
    (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE)
    return folder


def questions(pictures: list[Picture]) -> Iterator[tuple[str, Request]]:
    """Ask about each picture, about the first two, and on."""
    for number, picture in enumerate(pictures):
        yield f"picture {number}", _request(Message("user", "What is in this picture?", (picture,)))
    two = Message("user", "What are the differences?", tuple(pictures[:2]))
    yield "two pictures", _request(two)
    first = Message("user", "What is this?", tuple(pictures[:1]))
    yield (
        "a follow-up",
        _request(first, Message("assistant", "A picture."), Message("user", "Why?")),
    )


def _request(*messages: Message) -> Request:
    return Request(messages, max_new_tokens=TOKENS, crops=CROPS)


async def compare(server: RealVllm, folder: Path, pictures: list[Picture]) -> int:
    """Ask both; print and count the answers that differ."""
    model, processor = load_model(
        EngineSettings(source=str(folder), device="cpu", dtype="float32"), None
    )
    vocabulary = vocabulary_of(model, processor)
    settings = RemoteSettings(_env_file=None, url=server.url)
    served = next(iter((await asyncio.to_thread(discover, settings)).values()))
    asked = Server(server.url, served, settings)
    local = LocalEngine(model, processor, "true tower")
    differ = 0
    for name, request in questions(pictures):
        said = [token async for token in tokens(asked, request)]
        # A turn's beginning, which no prompt asked for, ends an answer of the engine alone.
        said = list(takewhile(lambda token: token not in vocabulary.ends, said))
        shown = Detokenizer(vocabulary)
        remote = "".join([*map(shown.add, said), shown.end()])
        text, _ = await ask(local, request)
        differ += remote != text
        print(name, "equal" if remote == text else f"differs: {text!r} {remote!r}", flush=True)
    await local.close()
    await asked.client.close()
    return differ


async def tokens(server: Server, request: Request) -> AsyncIterator[int]:
    """Ask vLLM, and tell the tokens that it says."""
    body = Phrasing().body(server, request, next(askings(request)))
    body["extra_body"]["return_token_ids"] = True
    async for chunk in await server.client.chat.completions.create(**body):
        for choice in chunk.choices:
            for token in (choice.model_extra or {}).get("token_ids") or []:
                yield token


def main() -> int:
    """Make the checkpoint, serve it, compare; the exit code is 1 where an answer differs."""
    parser = argparse.ArgumentParser("python -m tests.remote.real.long", description=__doc__)
    parser.add_argument("--pictures", type=int, default=11, help="how many of the golden pictures")
    options = parser.parse_args()
    paths = sorted((FOLDER / "images").glob("*.png"))[: options.pictures]
    pictures = [decode_picture(path.read_bytes()) for path in paths]
    with tempfile.TemporaryDirectory() as name:
        folder = write_true_tower(Path(name) / "demo")
        server = RealVllm(vllm_python(), folder, Path(name) / "vllm.log")
        try:
            server.wait()
            return int(asyncio.run(compare(server, folder, pictures)) > 0)
        finally:
            server.end()


if __name__ == "__main__":
    sys.exit(main())
