"""What was measured, as tables and as a picture."""

from importlib import import_module
from pathlib import Path

from inference.commands.benchmark.figures import Alone, Report, Together
from inference.errors import InferenceError


def tables(report: Report) -> str:
    """Write the report as two Markdown tables and the lines around them."""
    machine = report.machine
    flops = machine.flops_per_second / 1e9
    lines = [
        f"{report.model}, {report.dtype}, {report.device}, {report.new_tokens} new tokens",
        f"This machine: {machine.bytes_per_second / 1e9:.1f} GB/s, {flops:,.0f} GFLOP/s",
        "",
        *_alone(report.alone),
        "",
        *_together(report.together),
        "",
        f"Event loop lag: p50 {_seconds(report.lag_median)}, p99 {_seconds(report.lag_99)}",
        f"Most memory: {report.peak_bytes / 1e9:.1f} GB",
    ]
    return "\n".join(lines)


def plot(report: Report, file: Path) -> None:
    """Draw tokens a second by concurrency; raises InferenceError where matplotlib is missing."""
    try:
        pyplot = import_module("matplotlib.pyplot")
    except ModuleNotFoundError:
        raise InferenceError("--plot needs matplotlib: pip install matplotlib") from None
    figure, axes = pyplot.subplots()
    for crops in sorted({row.crops for row in report.together}):
        rows = [row for row in report.together if row.crops == crops]
        axes.plot(
            [row.concurrency for row in rows],
            [row.tokens_per_second for row in rows],
            marker="o",
            label=f"{crops} crops",
        )
    axes.set(xlabel="requests at once", ylabel="tokens a second", title=report.model)
    axes.legend()
    figure.savefig(file)


def _alone(rows: list[Alone]) -> list[str]:
    head = "crops|prompt|decode picture|resize|encode|prefill|first token|floor|follow-up"
    return _markdown(
        head,
        [
            [
                str(row.crops),
                str(row.prompt_tokens),
                *map(
                    _seconds,
                    (
                        row.decode_picture,
                        row.resize,
                        row.encode,
                        row.prefill,
                        row.first_token,
                        row.first_token_floor,
                    ),
                ),
                f"{_seconds(row.follow_up)} ({row.follow_up / row.first_token:.2f}×)",
            ]
            for row in rows
        ],
    )


def _together(rows: list[Together]) -> list[str]:
    head = (
        "crops|at once|requests/s|tokens/s|first token|per token|step|GB/s|of the floor|× generate"
    )
    return _markdown(
        head,
        [
            [
                str(row.crops),
                str(row.concurrency),
                f"{row.requests_per_second:.3f}",
                f"{row.tokens_per_second:.1f}",
                _seconds(row.first_token),
                _seconds(row.per_token),
                _seconds(row.step),
                f"{row.bytes_per_second / 1e9:.1f}",
                f"{row.step_floor / row.step:.0%}",
                f"{row.against_generate:.2f}" if row.against_generate else "",
            ]
            for row in rows
        ],
    )


def _markdown(head: str, rows: list[list[str]]) -> list[str]:
    columns = head.split("|")
    lines = [columns, ["---"] * len(columns), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.1f} ms"
