"""Letters and words in another order."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from ...labels import Family
from .. import decoders as dec
from .. import statistics as st
from .registry import MAX_SEGMENT_WORDS, Found, Scan, decode_in_place, decoder

MIN_ORDER_CHARS = 12
MIN_ORDER_WORDS = 7

_REVERSED_MEAN = -0.22  # nats per character
_REVERSED_TOTAL = -7.0


@decoder("reversed_letters", Family.FLIP)
def _reversed_letters(scan: Scan) -> Iterator[Found]:
    """The whole segment backwards, or each of its words: both read backwards letter by letter, so both are tried."""
    span = _most_reversed(scan)
    if span is None:
        return
    start, end, evidence = span
    text = scan.text
    segment = text[start:end]
    whole, per_word = dec.reverse_text(segment), dec.reverse_letters(segment)
    certainty = 1 / (1 + np.exp((evidence - _REVERSED_TOTAL) / 6))
    readings = sorted(dict.fromkeys((whole, per_word)), key=_fluency, reverse=True)
    for place, reading in enumerate(readings):
        yield text[:start] + reading + text[end:], float(certainty) * (0.98 if place == 0 else 0.7)


def _most_reversed(scan: Scan) -> tuple[int, int, float] | None:
    """The segment with the most evidence that its letters run backwards."""
    if len(scan.text) < MIN_ORDER_CHARS:
        return None
    best = None
    for start, end in (*scan.segments, *_reversed_run(scan)):
        is_run = (start, end) not in scan.segments
        total, mean = (_RUN_TOTAL, _RUN_MEAN) if is_run else (_REVERSED_TOTAL, _REVERSED_MEAN)
        if end - start < MIN_ORDER_CHARS:
            continue
        evidence = float(scan.order[end] - scan.order[min(start + 2, end)])
        enough = evidence < total and evidence < mean * (end - start) and not _is_code_word(scan.text[start:end])
        if enough and (best is None or evidence < best[2] * (_RUN_ADVANTAGE if is_run else 1.0)):
            best = start, end, evidence
    return best


# The best of all runs looks good by chance, so it needs more evidence than a part with ends of its own.
_RUN_TOTAL, _RUN_MEAN = -30.0, -0.6
_RUN_ADVANTAGE = 1.2  # a run that has its ends from the evidence alone must have so much more of it
_NEUTRAL = 0.5  # nats of a word that reads alike in both directions
_PAUSE = re.compile(r"[:：\n]")


def _reversed_run(scan: Scan) -> list[tuple[int, int]]:
    """The run of words with the most evidence of being backwards, wherever it stands: at most one."""
    spans = scan.word_spans
    if len(spans) < 3:
        return []
    evidence = scan.order[spans[:, 0]] - scan.order[spans[:, 1]]  # (W,) above 0: backwards
    first, last = _best_run(evidence)
    # Short words at the edges say nothing by themselves: they go with the run up to the next pause.
    while (
        first > 0 and evidence[first - 1] > -_NEUTRAL and not _PAUSE.search(scan.text[spans[first - 1, 1] - 1 : spans[first, 0]])
    ):
        first -= 1
    while (
        last < len(spans) and evidence[last] > -_NEUTRAL and not _PAUSE.search(scan.text[spans[last - 1, 1] - 1 : spans[last, 0]])
    ):
        last += 1
    start, end = int(spans[first, 0]), int(spans[last - 1, 1])
    while end - start > MIN_ORDER_CHARS and (scan.text[start], scan.text[end - 1]) in _QUOTE_PAIRS:
        start, end = start + 1, end - 1
    return [(start, end)]


_QUOTE_PAIRS = {*zip("\"'`“«„「『[<(", "\"'`”»“」』]>)", strict=True)}


def _best_run(values: np.ndarray) -> tuple[int, int]:
    """The half-open range with the largest sum of `values` (N,) (Kadane's problem, by running sums)."""
    running = st.running_sum(values)
    lowest = np.minimum.accumulate(running[:-1])
    last = int(np.argmax(running[1:] - lowest)) + 1
    return int(np.argmin(running[:last])), last


def _is_code_word(segment: str) -> bool:
    """ASCII with hardly any white space, such as Base64 or a key: not a language in either direction."""
    return segment.isascii() and 25 * len(segment.split()) < len(segment)


def _fluency(text: str) -> float:
    """How well the words of a text follow each other."""
    words = text.split()[:MAX_SEGMENT_WORDS]
    if len(words) < 2:
        return 0.0
    return float(st.text_statistics().adjacency(*st.word_features(words)).sum())


# Fitted on benign text and on reordered payloads: each bound takes less than 2 points of recall.
_WORD_ORDER_GAIN = 6.0  # nats by which another order of the words must read better
_WORD_ORDER_MEAN = 0.4  # and per word
_DISORDERED = 0.15  # nats per word: what the words as they stand must stay below
_ORDERED = 0.2  # what the other order must reach
_FREQUENT_SHARE = 0.45  # words that the table knows one by one, which ordinary English prose has and tables have not
_DISTINCT_SHARE = 0.5  # lists and tables repeat themselves, and then any order reads alike


@decoder("word_order", Family.FLIP)
def _word_order(scan: Scan) -> Iterator[Found]:
    """Words in reverse, or the odd ones before the even ones."""
    if len(scan.words) < MIN_ORDER_WORDS:
        return
    statistics = st.text_statistics()
    best: tuple[float, int, int, bool] | None = None
    for start, end in (*scan.segments, *_disordered_run(scan)):
        if end - start < MIN_ORDER_CHARS:
            continue
        (classes, shapes), as_is = scan.words_within(start, end)
        count = len(classes)
        if count < MIN_ORDER_WORDS or as_is > _DISORDERED * count or not _is_prose(classes):
            continue
        for is_reversal, order in ((True, np.arange(count)[::-1]), (False, _odd_even_order(count))):
            score = float(statistics.adjacency(classes[order], shapes[order]).sum())
            gain = score - as_is
            enough = gain > max(_WORD_ORDER_GAIN, _WORD_ORDER_MEAN * count) and score > _ORDERED * count
            is_run = best is not None and (start, end) not in scan.segments
            if enough and (best is None or gain > best[0] * (_RUN_ADVANTAGE if is_run else 1.0)):
                best = gain, start, end, is_reversal
    if best is not None:
        gain, start, end, is_reversal = best
        start, end = _without_edges(scan.text, start, end)
        segment = scan.text[start:end]
        # Words parted by single spaces only, so that line breaks inside stay where the attacker left them.
        restored = dec.reverse_split(segment) if is_reversal else dec.from_odd_even(segment)
        yield scan.text[:start] + restored + scan.text[end:], float(0.9 / (1 + np.exp(-(gain - _WORD_ORDER_GAIN) / 4)))


def _disordered_run(scan: Scan) -> list[tuple[int, int]]:
    """The run of words whose neighbours go together better in reverse: at most one."""
    spans = scan.word_spans
    if len(spans) < MIN_ORDER_WORDS + 2:
        return []
    classes, shapes = scan.word_features
    backward = st.text_statistics().adjacency(classes[::-1], shapes[::-1])[::-1]
    first, last = _best_run(backward - np.diff(scan.word_adjacency))
    return [(int(spans[first, 0]), int(spans[last, 1]))]  # pair n is of the words n and n + 1


def _without_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends."""
    segment = text[start:end]
    return start + len(segment) - len(segment.lstrip()), end - len(segment) + len(segment.rstrip())


def _is_prose(classes: np.ndarray) -> bool:
    """Whether the words are mostly frequent English ones and mostly different."""
    frequent = int(np.count_nonzero((classes > 0) & (classes <= st.NUM_FREQUENT)))
    return frequent >= _FREQUENT_SHARE * len(classes) and len(np.unique(classes)) >= _DISTINCT_SHARE * len(classes)


def _odd_even_order(count: int) -> np.ndarray:
    """Where each word of the restored text stands in the text as it is."""
    order = np.empty(count, dtype=np.intp)
    half = (count + 1) // 2
    order[::2], order[1::2] = np.arange(half), np.arange(half, count)
    return order


_INDEXED_LIST = re.compile(r"\[\s*\{.*\}\s*\]", re.DOTALL)
_TREE = re.compile(r"\{\s*['\"]value['\"].*\}", re.DOTALL)


@decoder("length_sorted", Family.CODE_CHAMELEON)
def _length_sorted(scan: Scan) -> Iterator[Found]:
    """CodeChameleon's list of {word: place}."""
    if "{" in scan.text and "[" in scan.text:
        text = decode_in_place(scan, _INDEXED_LIST, dec.from_length, lambda decoded: " " in decoded)
        if text is not None:
            yield text, 0.97


@decoder("binary_tree", Family.CODE_CHAMELEON)
def _binary_tree(scan: Scan) -> Iterator[Found]:
    """CodeChameleon's nested maps of value, left and right."""
    if "{" in scan.text and "left" in scan.text:
        text = decode_in_place(scan, _TREE, dec.from_binary_tree, lambda decoded: " " in decoded)
        if text is not None:
            yield text, 0.97
