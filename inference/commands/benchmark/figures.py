"""What a benchmark found, in figures. Times are in seconds."""

from dataclasses import dataclass

from inference.commands.benchmark.floors import Machine


@dataclass(frozen=True, slots=True)
class Alone:
    """One request by itself, taken apart."""

    crops: int
    prompt_tokens: int
    decode_picture: float
    resize: float
    encode: float
    prefill: float
    first_token: float
    first_token_floor: float
    follow_up: float


@dataclass(frozen=True, slots=True)
class Together:
    """Requests at the same time, each with its own picture."""

    crops: int
    concurrency: int
    requests_per_second: float
    tokens_per_second: float
    first_token: float
    per_token: float
    """While others join, too."""
    step: float
    """Per token, once all have their first."""
    step_floor: float
    bytes_per_second: float
    generate_seconds: float | None
    """Plain `generate` for one such request."""

    @property
    def against_generate(self) -> float | None:
        """Tell how many times as many requests are answered as by `generate`, one by one."""
        if self.generate_seconds is None:
            return None
        return self.requests_per_second * self.generate_seconds


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured in one run."""

    model: str
    device: str
    dtype: str
    new_tokens: int
    machine: Machine
    alone: list[Alone]
    together: list[Together]
    lag_median: float
    lag_99: float
    peak_bytes: int
