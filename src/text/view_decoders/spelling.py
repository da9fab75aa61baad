"""Words that are spelt otherwise: digits for letters, inner letters shuffled, letters moved along the alphabet."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from src.labels import Family
from src.text import decoders as dec
from src.text import statistics as st
from src.text.view_decoders.registry import ENGLISH_WORD, MAX_SPANS, Found, Scan, decoder

_LEET_OF = {
    "4": "a",
    "@": "a",
    "8": "b",
    "3": "e",
    "9": "g",
    "1": "i",
    "!": "i",
    "0": "o",
    "5": "s",
    "$": "s",
    "7": "t",
    "+": "t",
    "2": "z",
}
_FROM_LEET = str.maketrans(_LEET_OF)
_FROM_LEET_L = str.maketrans(_LEET_OF | {"1": "l"})
_LEET_SIGN = re.compile("[0-9@$!+]")
_LEET_WORD = re.compile(r"(?<![\w@$!+])(?=[\w@$!+]*[A-Za-z])(?=[\w@$!+]*[0-9@$!+])[A-Za-z0-9@$!+]{2,}")
_LEET_TOKEN = re.compile(r"[A-Za-z0-9@$!+]+")


@decoder("leet", Family.TYPOGLYCEMIA)
def _leet(scan: Scan) -> Iterator[Found]:
    candidates = _LEET_WORD.findall(scan.text) if _LEET_SIGN.search(scan.text) else ()
    if len(candidates) < 2:
        return
    known = sum(len(word) >= 3 and _leet_word(word) is not None for word in candidates)
    if known < 2 or known < 0.4 * len(candidates) or known < 0.1 * len(scan.words):
        return
    thorough = known >= 0.3 * len(scan.words)  # then digits on their own are letters too

    def decode(match: re.Match[str]) -> str:
        word = match[0]
        if word.isalpha() or (word.isdigit() and not thorough):
            return word
        return _leet_word(word) or (word.translate(_FROM_LEET) if thorough else word)

    yield _LEET_TOKEN.sub(decode, scan.text), 0.8


@lru_cache(maxsize=1 << 14)
def _leet_word(word: str) -> str | None:
    """The most frequent English word that the signs can stand for; a sentence's final '!' may be just that."""
    ranks = st.text_statistics().word_rank
    tail = ""
    best: tuple[int, str] | None = None
    while True:
        for table in (_FROM_LEET, _FROM_LEET_L):
            decoded = word.translate(table)
            rank = ranks.get(decoded.lower())
            if rank is not None and (best is None or rank < best[0]):
                best = rank, decoded + tail
        if not word.endswith("!") or len(word) < 3:
            return best[1] if best else None
        word, tail = word[:-1], tail + "!"


@decoder("typoglycemia", Family.TYPOGLYCEMIA)
def _typoglycemia(scan: Scan) -> Iterator[Found]:
    """English words whose inner letters stand in another order."""
    statistics = st.text_statistics()
    ranks = statistics.word_rank
    words, unknown = scan.spelt_words, scan.unknown_words
    if len(unknown) < 2 or len(unknown) < 0.15 * len(words):
        return
    frames = statistics.words_by_frame
    hits = sum(st.frame_of(word) in frames for word in unknown)
    if hits < 2 or hits < 0.35 * len(unknown) or hits < 0.12 * len(words):
        return

    def restore(match: re.Match[str]) -> str:
        word = match[0]
        if word.lower() in ranks:
            return word
        found = frames.get(st.frame_of(word.lower()))
        if found is None:
            return word
        return found.capitalize() if word[0].isupper() else found

    yield ENGLISH_WORD.sub(restore, scan.text), 0.75 if hits < 4 else 0.85


# Letters moved along the alphabet -----------------------------------------------------------------------------------------

MIN_CAESAR_LETTERS = 16
MAX_CAESAR_LETTERS = 400  # are enough to tell the shift
_PLAIN_SCORE = -2.75  # nats per letter: above this the text reads like language as it is
_CAESAR_GAIN = 0.55  # nats per letter by which the best shift must read better than the text as it is
_CAESAR_SCORE = -3.3
_ROT13_GAIN, _ROT13_SCORE = 0.3, -3.8
_NEARLY = 0.9
_ASCII_RUN = re.compile(r"[ -~\n]{24,}")
_CAESAR_SHARE = 0.5  # of the characters are Latin letters; a few in a text of another script are abbreviations


@decoder("caesar", Family.ENCODING)
def _caesar(scan: Scan) -> Iterator[Found]:
    letters, places, running = scan.letters
    found: list[tuple[float, int, int, int]] = []
    for start, end in [*scan.segments, *_ascii_runs(scan)]:
        first, last = places.searchsorted((start, end))
        shown = letters[first:last]
        count = np.count_nonzero(shown)
        if count < max(MIN_CAESAR_LETTERS, _CAESAR_SHARE * (end - start)):
            continue
        plain = (running[last - 2] - running[first]) / (last - first - 2)
        if plain > _PLAIN_SCORE:
            continue
        shift, score = _best_shift(shown[:MAX_CAESAR_LETTERS])
        gain = (score - plain) * count
        is_usual = shift == 13  # ROT13, which is what people use, needs less evidence than any of the 25
        least_gain, least_score = (_ROT13_GAIN, _ROT13_SCORE) if is_usual else (_CAESAR_GAIN, _CAESAR_SCORE)
        if score > least_score and score - plain > least_gain:
            found.append((gain, shift, start, end))
    if found:
        gain, shift, start, end = _widest_of_best(found)
        text = scan.text
        yield text[:start] + dec.caesar(text[start:end], -shift) + text[end:], float(0.95 / (1 + np.exp(-gain / 8)))


def _ascii_runs(scan: Scan) -> list[tuple[int, int]]:
    """Where Latin letters stand in a text of another script."""
    if scan.is_ascii:
        return []
    return list(itertools.islice((run.span() for run in _ASCII_RUN.finditer(scan.text)), MAX_SPANS))


def _widest_of_best(found: list[tuple[float, int, int, int]]) -> tuple[float, int, int, int]:
    """The segment with the largest gain, or the widest around it that has nearly as much and the same shift.

    A line of numbers or names says little for any shift, and the text around it was shifted as a whole.
    """
    best = max(found)
    around = [each for each in found if each[1] == best[1] and each[2] <= best[2] and each[3] >= best[3]]
    return max((each for each in around if each[0] >= _NEARLY * best[0]), key=lambda each: each[3] - each[2])


_MOVED_BACK = np.array([[0, *((np.arange(26) - shift) % 26 + 1)] for shift in range(1, 26)], dtype=np.int16)  # (25, 27)


def _best_shift(letters: np.ndarray) -> tuple[int, float]:
    """The shift that was most likely applied to the letters (L,), and their mean score without it."""
    scores = st.text_statistics().letter_scores(_MOVED_BACK.take(letters, axis=1)).mean(axis=1)
    place = int(np.argmax(scores))
    return place + 1, float(scores[place])
