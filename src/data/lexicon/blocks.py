"""Phrases written as a block of lines."""

from __future__ import annotations

import re

_CONTINUED = re.compile(r"\s*\\\n\s*")


def lines(block: str) -> tuple[str, ...]:
    r"""One phrase per line of the block, blank lines left out; \n inside a line stands for a line end.

    In a raw string, a backslash at the end of a line continues the phrase on the next, after a space.
    """
    joined = _CONTINUED.sub(" ", block)
    return tuple(line.strip().replace(r"\n", "\n") for line in joined.splitlines() if line.strip())
