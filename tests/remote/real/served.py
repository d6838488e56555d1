"""A real vLLM on a free port of loopback."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

START_SECONDS = 900
"""However busy the machine is; an idle one takes less than a minute."""
SETTINGS = {
    "HF_HUB_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "OMP_NUM_THREADS": "1",
}
UNWANTED = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
"""Of our environment; without its bytecode vLLM takes minutes longer to start."""


class RealVllm:
    """The processes of one server, and what they say in their log."""

    def __init__(self, python: Path, model: Path, log: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.log = log
        command = [
            *(str(python), "-m", "vllm.entrypoints.openai.api_server", "--model", str(model)),
            *("--served-model-name", "demo", "--host", "127.0.0.1", "--port", str(self.port)),
            *("--dtype", "float32", "--max-model-len", "4096", "--enforce-eager"),
            *("--limit-mm-per-prompt", '{"image": 2}', "--trust-request-mm-kwargs", *options),
        ]
        environment = {key: os.environ[key] for key in os.environ.keys() - UNWANTED}
        with log.open("w") as file:
            self.process = subprocess.Popen(
                command,
                env=environment | SETTINGS,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=log.parent,
                start_new_session=True,
            )

    @property
    def url(self) -> str:
        """Where its OpenAI face is."""
        return f"http://127.0.0.1:{self.port}/v1"

    def wait(self) -> None:
        """Wait until it answers; raises RuntimeError with the log's end where it does not."""
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up and self.process.poll() is None:
            with suppress(OSError):
                self.page("health")
                return
            time.sleep(0.5)
        raise RuntimeError(f"vLLM did not start:\n{self.log.read_text()[-4000:]}")

    def page(self, name: str) -> str:
        """Read one of its pages beside the face."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{name}", timeout=30) as page:
            text: str = page.read().decode()
            return text

    def count(self, gauge: str) -> float:
        """Read a number from its metrics."""
        lines = self.page("metrics").splitlines()
        return sum(float(li.rpartition(" ")[2]) for li in lines if li.startswith(f"{gauge}{{"))

    def kill_worker(self) -> None:
        """Kill the process that computes, as when the memory is gone."""
        # Its log names it always, the process table only mostly.
        (worker,) = set(re.findall(r"\(Worker pid=(\d+)\)", self.log.read_text()))
        os.kill(int(worker), signal.SIGKILL)

    def end(self) -> None:
        """End all its processes, which a killed first one would leave behind."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        self.process.wait()
