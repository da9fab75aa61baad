"""Letters and words in another order."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from ...labels import Family
from .. import decoders as dec
from .. import statistics as st
from .registry import MAX_SEGMENT_WORDS, Decoded, Scan, decode_in_place, decoder

MIN_ORDER_CHARS = 12
MIN_ORDER_WORDS = 7

_REVERSED_MEAN = -0.22  # nats per character below which a segment counts as reversed
_REVERSED_TOTAL = -7.0  # and nats in total


@decoder("reversed_letters", Family.FLIP)
def _reversed_letters(scan: Scan) -> Iterator[Decoded]:
    """Reverse a whole segment or each of its words: both are reversed letter by letter, so both readings are tried."""
    span = _most_reversed(scan)
    if span is None:
        return
    start, end, evidence = span
    text = scan.text
    segment = text[start:end]
    whole, per_word = dec.reverse_text(segment), dec.reverse_letters(segment)
    confidence = 1 / (1 + np.exp((evidence - _REVERSED_TOTAL) / 6))
    readings = sorted(dict.fromkeys((whole, per_word)), key=_fluency, reverse=True)
    for rank, reading in enumerate(readings):
        yield text[:start] + reading + text[end:], float(confidence) * (0.98 if rank == 0 else 0.7)


def _most_reversed(scan: Scan) -> tuple[int, int, float] | None:
    """The segment with the most evidence that its letters are reversed: (start, end, evidence)."""
    if len(scan.text) < MIN_ORDER_CHARS:
        return None
    best = None
    for start, end in (*scan.segments, *_reversed_run(scan)):
        is_run = (start, end) not in scan.segments
        total, mean = (_RUN_TOTAL, _RUN_MEAN) if is_run else (_REVERSED_TOTAL, _REVERSED_MEAN)
        if end - start < MIN_ORDER_CHARS:
            continue
        evidence = float(scan.order[end] - scan.order[min(start + 2, end)])
        is_enough = evidence < total and evidence < mean * (end - start) and not _is_code_word(scan.text[start:end])
        if is_enough and (best is None or evidence < best[2] * (_RUN_ADVANTAGE if is_run else 1.0)):
            best = start, end, evidence
    return best


# The best of all possible runs scores well by chance, so it needs more evidence than a segment with given ends.
_RUN_TOTAL, _RUN_MEAN = -30.0, -0.6
_RUN_ADVANTAGE = 1.2  # factor by which the evidence of a run must exceed that of the best segment
_NEUTRAL = 0.5  # nats below which a word is no evidence for either direction
_PAUSE = re.compile(r"[:：\n]")


def _reversed_run(scan: Scan) -> list[tuple[int, int]]:
    """The run of words with the most evidence of being reversed, anywhere in the text; at most one."""
    spans = scan.word_spans
    if len(spans) < 3:
        return []
    evidence = scan.order[spans[:, 0]] - scan.order[spans[:, 1]]  # (W,) above 0: reversed
    first, last = _best_run(evidence)
    # Short words at the edges are no evidence by themselves: the run is extended over them up to the next pause.
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
    """The half-open range with the largest sum of `values` (N,) (maximum subarray, by running sums)."""
    running = st.running_sum(values)
    lowest = np.minimum.accumulate(running[:-1])
    last = int(np.argmax(running[1:] - lowest)) + 1
    return int(np.argmin(running[:last])), last


def _is_code_word(segment: str) -> bool:
    """Whether the segment is ASCII with hardly any white space, such as Base64 or a key: no language in either direction."""
    return segment.isascii() and 25 * len(segment.split()) < len(segment)


def _fluency(text: str) -> float:
    """The sum of the adjacency scores of the words of a text."""
    words = text.split()[:MAX_SEGMENT_WORDS]
    if len(words) < 2:
        return 0.0
    return float(st.text_statistics().adjacency(*st.word_features(words)).sum())


# Fitted on benign text and on reordered payloads; each bound costs less than 2 points of recall.
_WORD_ORDER_GAIN = 6.0  # least gain of the other word order, in nats
_WORD_ORDER_MEAN = 0.4  # least gain in nats per word
_DISORDERED = 0.15  # greatest score of the words in their present order, in nats per word
_ORDERED = 0.2  # least score of the words in the other order, in nats per word
_FREQUENT_SHARE = 0.45  # least share of words that are in the table of frequent words, as in English prose but not in tables
_DISTINCT_SHARE = 0.5  # least share of distinct word classes; in repetitive lists and tables every order scores alike


@decoder("word_order", Family.FLIP)
def _word_order(scan: Scan) -> Iterator[Decoded]:
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
            is_enough = gain > max(_WORD_ORDER_GAIN, _WORD_ORDER_MEAN * count) and score > _ORDERED * count
            is_run = best is not None and (start, end) not in scan.segments
            if is_enough and (best is None or gain > best[0] * (_RUN_ADVANTAGE if is_run else 1.0)):
                best = gain, start, end, is_reversal
    if best is not None:
        gain, start, end, is_reversal = best
        start, end = _strip_range(scan.text, start, end)
        segment = scan.text[start:end]
        # Split at single spaces only, so that line breaks stay where the attacker left them.
        restored = dec.reverse_split(segment) if is_reversal else dec.from_odd_even(segment)
        yield scan.text[:start] + restored + scan.text[end:], float(0.9 / (1 + np.exp(-(gain - _WORD_ORDER_GAIN) / 4)))


def _disordered_run(scan: Scan) -> list[tuple[int, int]]:
    """The run of words whose neighbours score best in reverse compared with their present order; at most one."""
    spans = scan.word_spans
    if len(spans) < MIN_ORDER_WORDS + 2:
        return []
    classes, shapes = scan.word_features
    backward = st.text_statistics().adjacency(classes[::-1], shapes[::-1])[::-1]
    first, last = _best_run(backward - np.diff(scan.word_adjacency))
    return [(int(spans[first, 0]), int(spans[last, 1]))]  # pair n consists of the words n and n + 1


def _strip_range(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends."""
    segment = text[start:end]
    return start + len(segment) - len(segment.lstrip()), end - len(segment) + len(segment.rstrip())


def _is_prose(classes: np.ndarray) -> bool:
    """Whether the words are mostly frequent English ones and mostly different."""
    frequent = int(np.count_nonzero((classes > 0) & (classes <= st.NUM_FREQUENT)))
    return frequent >= _FREQUENT_SHARE * len(classes) and len(np.unique(classes)) >= _DISTINCT_SHARE * len(classes)


def _odd_even_order(count: int) -> np.ndarray:
    """The position in the present text of each word of the restored text."""
    order = np.empty(count, dtype=np.intp)
    half = (count + 1) // 2
    order[::2], order[1::2] = np.arange(half), np.arange(half, count)
    return order


_INDEXED_LIST = re.compile(r"\[\s*\{.*\}\s*\]", re.DOTALL)
_TREE = re.compile(r"\{\s*['\"]value['\"].*\}", re.DOTALL)


@decoder("length_sorted", Family.CODE_CHAMELEON)
def _length_sorted(scan: Scan) -> Iterator[Decoded]:
    """CodeChameleon's list of {word: place}."""
    if "{" in scan.text and "[" in scan.text:
        text = decode_in_place(scan, _INDEXED_LIST, dec.from_length, lambda decoded: " " in decoded)
        if text is not None:
            yield text, 0.97


@decoder("binary_tree", Family.CODE_CHAMELEON)
def _binary_tree(scan: Scan) -> Iterator[Decoded]:
    """CodeChameleon's nested maps of value, left and right."""
    if "{" in scan.text and "left" in scan.text:
        text = decode_in_place(scan, _TREE, dec.from_binary_tree, lambda decoded: " " in decoded)
        if text is not None:
            yield text, 0.97
