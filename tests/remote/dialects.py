"""How three servers speak, word for word as they were heard: see each class for which."""

import json
from dataclasses import dataclass
from typing import Any, Protocol

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is none."""

    status: int
    body: Fields | str
    """JSON, or plain text."""


class Dialect(Protocol):
    """What a server says in each situation."""

    ends_with_done: bool
    pages: dict[str, str]
    """What it tells about itself beside its face; `{running}` and `{waiting}` are filled in."""

    def models(self, name: str, context: int) -> Fields: ...
    def first(self) -> Fields: ...
    def piece(self, text: str) -> Fields: ...
    def last(self, reason: str, usage: Fields, asked: Fields) -> list[Fields]: ...
    def check(self, asked: Fields, model: str) -> Refusal | None: ...
    def too_long(self) -> Refusal: ...
    def bad_picture(self) -> Refusal: ...


def _chunk(choices: list[Fields], **more: Any) -> Fields:
    return {
        "id": "chatcmpl-ID",
        "object": "chat.completion.chunk",
        "created": 1795646426,
        "model": "demo",
        "choices": choices,
        **more,
    }


class Vllm:
    """vLLM 0.32.0."""

    ends_with_done = True
    pages = {
        "/health": "",
        "/metrics": (
            "# TYPE vllm:num_requests_running gauge\n"
            'vllm:num_requests_running{{engine="0",model_name="demo"}} {running}.0\n'
            "# TYPE vllm:num_requests_waiting gauge\n"
            'vllm:num_requests_waiting{{engine="0",model_name="demo"}} {waiting}.0\n'
            'vllm:num_requests_waiting_by_reason{{engine="0",model_name="demo",reason="capacity"}} '
            "{waiting}.0\n"
        ),
    }

    def models(self, name: str, context: int) -> Fields:
        model = {
            "id": name,
            "object": "model",
            "created": 1795761265,
            "owned_by": "vllm",
            "root": f"/models/{name}",
            "parent": None,
            "max_model_len": context,
            "permission": [],
        }
        return {"object": "list", "data": [model]}

    def first(self) -> Fields:
        delta = {"role": "assistant", "content": ""}
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}
        return _chunk([choice], prompt_token_ids=None, prompt_text=None)

    def piece(self, text: str) -> Fields:
        return _chunk([self._choice(text)])

    def last(self, reason: str, usage: Fields, asked: Fields) -> list[Fields]:
        ended = {**self._choice(""), "finish_reason": reason}
        if reason == "stop":
            ended["stop_reason"] = 528
        if not (asked.get("stream_options") or {}).get("include_usage"):
            return [_chunk([ended])]
        fingerprint = "vllm-0.32.0-89b3caf6"
        return [_chunk([ended]), _chunk([], usage=usage, system_fingerprint=fingerprint)]

    def check(self, asked: Fields, model: str) -> Refusal | None:
        if asked["model"] != model:
            words = f"The model `{asked['model']}` does not exist. Valid aliases: {model}."
            return self._refusal(404, words, "NotFoundError", "model")
        return None

    def too_long(self) -> Refusal:
        words = (
            "This model's maximum context length is 4096 tokens. However, your prompt contains at "
            "least 4097 input tokens, which exceeds this limit even without any output tokens. "
            "Please reduce the length of the input prompt. (parameter=input_tokens, value=4097)"
        )
        return self._refusal(400, words, "BadRequestError", "input_tokens")

    def too_many_pictures(self) -> Refusal:
        words = "At most 2 image(s) may be provided in one prompt. (parameter=image)"
        return self._refusal(400, words, "BadRequestError", "image")

    def crops_not_trusted(self) -> Refusal:
        words = (
            "Per-request mm_processor_kwargs are disabled by default. Start the server with "
            "`--trust-request-mm-kwargs` to enable them."
        )
        return self._refusal(400, words, "BadRequestError", None)

    def bad_picture(self) -> Refusal:
        words = "Failed to load image: cannot identify image file <_io.BytesIO object>"
        return self._refusal(400, words, "BadRequestError", None)

    @staticmethod
    def unauthorized() -> Refusal:
        return Refusal(401, {"error": "Unauthorized"})

    @staticmethod
    def death() -> Fields:
        """What a stream says whose worker was killed, before its [DONE]."""
        words = "EngineCore encountered an issue. See stack trace (above) for the root cause."
        error = {"message": words, "type": "InternalServerError", "param": None, "code": 500}
        return {"error": error}

    @staticmethod
    def _choice(text: str) -> Fields:
        return {
            "index": 0,
            "delta": {"content": text},
            "logprobs": None,
            "finish_reason": None,
            "token_ids": None,
        }

    @staticmethod
    def _refusal(status: int, words: str, kind: str, param: str | None) -> Refusal:
        error = {"message": words, "type": kind, "param": param, "code": status}
        return Refusal(status, {"error": error})


class TransformersServe:
    """`transformers serve`, of transformers 5.24."""

    ends_with_done = False
    pages = {"/health": '{{"status": "ok"}}'}

    KNOWN = frozenset(
        {
            *("model", "messages", "max_tokens", "temperature", "top_p", "seed", "stream", "stop"),
            "stream_options",  # taken, and no more
        }
    )

    def models(self, name: str, context: int) -> Fields:  # noqa: ARG002 - it does not tell
        model = {"id": name, "object": "model", "created": 1795646426, "owned_by": "demo"}
        return {"object": "list", "data": [model]}

    def first(self) -> Fields:
        return _chunk([{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}])

    def piece(self, text: str) -> Fields:
        return _chunk([{"index": 0, "delta": {"content": text}, "finish_reason": None}])

    def last(self, reason: str, usage: Fields, asked: Fields) -> list[Fields]:  # noqa: ARG002
        return [_chunk([{"index": 0, "delta": {}, "finish_reason": reason}], usage=usage)]

    def check(self, asked: Fields, model: str) -> Refusal | None:
        if unknown := set(asked) - self.KNOWN:
            return Refusal(422, {"detail": f"Unexpected fields in the request: {unknown}"})
        if asked["model"] != model:
            return Refusal(400, {"detail": f"Server is pinned to {model}"})
        if "stop" in asked:
            return Refusal(500, "Internal Server Error")
        return None

    def too_long(self) -> Refusal:
        raise NotImplementedError("it reads on and on")

    def bad_picture(self) -> Refusal:
        return Refusal(500, "Internal Server Error")


class LlamaCpp:
    """llama-cpp-python 0.3.36 with [server]."""

    ends_with_done = True
    pages: dict[str, str] = {}

    def models(self, name: str, context: int) -> Fields:  # noqa: ARG002 - it does not tell
        model = {"id": name, "object": "model", "owned_by": "me", "permissions": []}
        return {"object": "list", "data": [model]}

    def first(self) -> Fields:
        choice = {"index": 0, "delta": {"role": "assistant"}, "logprobs": None}
        return _chunk([{**choice, "finish_reason": None}])

    def piece(self, text: str) -> Fields:
        choice = {"index": 0, "delta": {"content": text}, "logprobs": None}
        return _chunk([{**choice, "finish_reason": None}])

    def last(self, reason: str, usage: Fields, asked: Fields) -> list[Fields]:  # noqa: ARG002
        return [_chunk([{"index": 0, "delta": {}, "logprobs": None, "finish_reason": reason}])]

    def check(self, asked: Fields, model: str) -> Refusal | None:  # noqa: ARG002 - it takes any
        return None

    def too_long(self) -> Refusal:
        return self._failure("Prompt exceeds n_ctx: 6104 > 4096")

    def bad_picture(self) -> Refusal:
        return self._failure("Failed to create bitmap from image bytes")

    @staticmethod
    def _failure(words: str) -> Refusal:
        kind = "internal_server_error"
        error = {"message": words, "type": kind, "param": None, "code": None}
        return Refusal(500, {"error": error})


def event(fields: Fields) -> bytes:
    """Write a line of a stream and the blank one after it."""
    return f"data: {json.dumps(fields, separators=(',', ':'), ensure_ascii=False)}\n\n".encode()
