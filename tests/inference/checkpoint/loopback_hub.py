"""The hub on loopback: one model in a folder, and what may go wrong on the way to it."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

MODEL = "someone/a-model"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
MAIN = "main"


@dataclass
class Hub:
    """What the hub has, how it behaves, and what it was asked."""

    folder: Path
    commit: str = COMMIT
    """Of its main branch."""
    address: str = ""
    refuses_page: tuple[int, str] | None = None
    """A status and the hub's own word for it, in answer to what the model consists of."""
    refuses_files: tuple[int, str] | None = None
    breaks_off_after: int | None = None
    """Bytes of one answer; then the connection ends."""
    stalls_after: int | None = None
    """Bytes of one answer; then no more comes until the hub goes."""
    is_over: Event = field(default_factory=Event)
    says_size: int | None = None
    """Of the weights, in place of their own."""
    spoils: bool = False
    """The weights arrive with other bytes in them."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """File and range of each download."""

    def page(self) -> dict[str, Any]:
        """Tell what the model consists of."""
        files = sorted(self.folder.iterdir())
        return {"id": MODEL, "sha": self.commit, "siblings": [self._told(file) for file in files]}

    def _told(self, file: Path) -> dict[str, Any]:
        data = file.read_bytes()
        told = {"rfilename": file.name, "size": len(data)}
        told["blobId"] = hashlib.sha1(data).hexdigest()
        if file.suffix == ".safetensors":
            told["size"] = self.says_size or len(data)
            sha256 = hashlib.sha256(data).hexdigest()
            told["lfs"] = {"sha256": sha256, "size": told["size"], "pointerSize": 134}
        return told


@contextmanager
def serve(folder: Path) -> Iterator[Hub]:
    """Serve a folder as the model's files."""
    hub = Hub(folder)

    class Answers(_Answers):
        pass

    Answers.hub = hub
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    hub.address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        hub.is_over.set()
        server.shutdown()
        server.server_close()


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_GET(self) -> None:
        if self.path.startswith("/api/"):
            self._tell()
        else:
            self._send(self.path.rpartition("/")[2])

    def _tell(self) -> None:
        known = self.path.split("?")[0] in (
            f"/api/models/{MODEL}",
            f"/api/models/{MODEL}/revision/{self.hub.commit}",
            f"/api/models/{MODEL}/revision/{MAIN}",
        )
        if self.hub.refuses_page:
            self._refuse(*self.hub.refuses_page)
        elif f"/{MODEL}" not in self.path:
            self._refuse(401, "RepoNotFound")
        elif not known:
            self._refuse(404, "RevisionNotFound")
        else:
            self._answer(200, json.dumps(self.hub.page()).encode())

    def _send(self, name: str) -> None:
        wanted = self.headers.get("Range", "")
        self.hub.asked.append((name, wanted))
        if self.hub.refuses_files:
            self._refuse(*self.hub.refuses_files)
            return
        data = (self.hub.folder / name).read_bytes()
        if self.hub.spoils and name.endswith(".safetensors"):
            data = bytes(byte ^ 1 for byte in data)
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self._answer(
            206 if wanted else 200, data[begin:], self.hub.breaks_off_after or self.hub.stalls_after
        )

    def _refuse(self, status: int, word: str) -> None:
        self._answer(status, b"{}", None, {"X-Error-Code": word, "X-Error-Message": word})

    def _answer(
        self,
        status: int,
        body: bytes,
        most: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:most])
        if most is not None and most < len(body):
            if self.hub.stalls_after:
                self.wfile.flush()
                self.hub.is_over.wait()
            self.close_connection = True

    def log_message(self, *_: object) -> None: ...
