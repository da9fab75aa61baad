"""Phrases written as a block of lines."""

from __future__ import annotations


def lines(block: str) -> tuple[str, ...]:
    r"""One phrase per line of the block, blank lines left out; \n inside a line stands for a line end."""
    return tuple(line.strip().replace(r"\n", "\n") for line in block.splitlines() if line.strip())
