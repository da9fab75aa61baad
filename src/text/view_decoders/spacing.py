"""Letters and words parted otherwise than by single spaces: by signs, by nothing, by line breaks inside words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from src.labels import Family
from src.text import statistics as st
from src.text.view_decoders.registry import Found, Scan, decoder

MIN_SPACED = 5  # single characters
_SPACED_LINE = re.compile(r"(?<!\S)(?:[^\s] ){5,}[^\s]|(?<!\S)(?:\S (?:  )?){6,}\S")
_SIGN_TWICE = re.compile(r"([.\-_*|/])\S\1")  # sooner found than the following
_SEPARATED = re.compile(r"(?<!\S)(\S)([.\-_*|/])(\S)(?:\2\S)*(?!\S)")


@decoder("separators", Family.CHAR_INJECTION)
def _separators(scan: Scan) -> Iterator[Found]:
    """Letters parted by the same sign: 'i g n o r e', 'i.g.n.o.r.e'."""
    text = scan.text
    changed = 0

    def join(match: re.Match[str]) -> str:
        nonlocal changed
        changed += len(match[0]) >= 5 and match[0][::2].isalpha()
        return match[0][::2]

    spans = scan.word_spans
    are_spaced = np.count_nonzero(spans[:, 1] - spans[:, 0] == 1) >= MIN_SPACED
    if are_spaced and _SPACED_LINE.search(text):
        joined = _join_spaces(text)
        if joined != text:
            yield joined, 0.9
    elif _SIGN_TWICE.search(text):
        joined = _SEPARATED.sub(join, text)
        if changed >= 3:
            yield joined, 0.9


_SPACED_RUN = re.compile(r"(?<!\S)\S(?: (?: {2})?\S(?!\S)){5,}")


def _join_spaces(text: str) -> str:
    """Runs of single characters parted by single spaces; three spaces stand for one between words."""

    def join(run: re.Match[str]) -> str:
        joined = re.sub(r" ( {2})?", lambda gap: " " if gap[1] else "", run[0])
        return joined if sum(map(str.isalpha, joined)) >= 0.75 * len(joined) else run[0]

    return _SPACED_RUN.sub(join, text)
