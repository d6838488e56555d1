"""Rows of cells as people ask for them: with commas, or in Markdown."""

from collections.abc import Sequence


def comma_separated(rows: Sequence[Sequence[str]]) -> str:
    """Write rows as CSV."""
    return "\n".join(",".join(row) for row in rows)


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Write rows as a Markdown table whose first row is the header."""
    header, *others = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([header, "|" + "---|" * len(rows[0]), *others])
