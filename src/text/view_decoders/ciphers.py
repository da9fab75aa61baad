"""Letters that stand for others: moved along the alphabet, mirrored in it, or moved to the end of their word."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import numpy as np

from ...labels import Family
from .. import decoders as dec
from .. import statistics as st
from .registry import MAX_SEGMENTS, Found, Scan, decoder

MIN_CAESAR_LETTERS = 16
MAX_CAESAR_LETTERS = 400  # are enough to tell the shift
_PLAIN_SCORE = -2.75  # nats per letter: above this the text reads like language as it is
_CAESAR_GAIN = 0.55  # nats per letter by which the best shift must read better than the text as it is
_CAESAR_SCORE = -3.3
_USUAL_GAIN, _USUAL_SCORE = 0.3, -3.8
_UNLIKE_SCORE = -3.4  # nats per letter: ciphered text is below, languages above
_MAX_RUNS = 16  # of Latin letters in a text of another script
_NEARLY = 0.9
_ASCII_RUN = re.compile(r"[ -~\n]{24,}")
_CAESAR_SHARE = 0.5  # of the characters are Latin letters; a few in a text of another script are abbreviations


@decoder("caesar", Family.ENCODING)
def _caesar(scan: Scan) -> Iterator[Found]:
    """One of the 25 shifts or the mirrored alphabet (Atbash), of the text or of a part of it."""
    letters, places, running = scan.letters
    if len(letters) < MIN_CAESAR_LETTERS:
        return
    bounds = np.array([*scan.segments, *_ascii_runs(scan), *_unlike_language(scan)], dtype=np.intp)
    ranges = places.searchsorted(bounds)
    sizes = ranges[:, 1] - ranges[:, 0] - 2
    plain_scores = (running.take(ranges[:, 1] - 2, mode="clip") - running.take(ranges[:, 0], mode="clip")) / np.maximum(sizes, 1)
    found: list[tuple[float, int, int, int]] = []
    for place in ((plain_scores <= _PLAIN_SCORE) & (sizes > 0)).nonzero()[0].tolist():
        (start, end), (first, last), plain = bounds[place].tolist(), ranges[place].tolist(), float(plain_scores[place])
        shown = letters[first:last]
        count = np.count_nonzero(shown)
        if count < max(MIN_CAESAR_LETTERS, _CAESAR_SHARE * (end - start)):
            continue
        shift, score = _best_shift(shown[:MAX_CAESAR_LETTERS])
        gain = (score - plain) * count
        is_usual = shift in (13, _MIRRORED)  # ROT13 and Atbash, which people use, need less evidence than any of the others
        least_gain, least_score = (_USUAL_GAIN, _USUAL_SCORE) if is_usual else (_CAESAR_GAIN, _CAESAR_SCORE)
        if score > least_score and score - plain > least_gain:
            found.append((gain, shift, start, end))
    if found:
        largest, shift, start, end = _widest_of_best(found)
        text = scan.text
        segment = text[start:end]
        decoded = dec.atbash(segment) if shift == _MIRRORED else dec.caesar(segment, -shift)
        yield text[:start] + decoded + text[end:], float(0.95 / (1 + np.exp(-largest / 8)))


def _ascii_runs(scan: Scan) -> list[tuple[int, int]]:
    """Where Latin letters stand in a text of another script."""
    if scan.is_ascii:
        return []
    return list(itertools.islice((run.span() for run in _ASCII_RUN.finditer(scan.text)), _MAX_RUNS))


def _unlike_language(scan: Scan) -> list[tuple[int, int]]:
    """Of a text with more parts than are looked at one by one, the run that reads least like language: at most one."""
    letters, places, running = scan.letters
    if len(scan.segments) < MAX_SEGMENTS or len(letters) < MIN_CAESAR_LETTERS:
        return []
    badness = st.running_sum(_UNLIKE_SCORE - np.diff(running))
    lowest = np.minimum.accumulate(badness[:-1])
    last = int(np.argmax(badness[1:] - lowest)) + 1
    first = int(np.argmin(badness[:last]))
    return [(int(places[first]), int(places[min(last + 1, len(places) - 1)]) + 1)]


def _widest_of_best(found: list[tuple[float, int, int, int]]) -> tuple[float, int, int, int]:
    """The segment with the largest gain, or the widest around it that has nearly as much and the same shift.

    A line of numbers or names says little for any shift, and the text around it was shifted as a whole.
    """
    best = max(found)
    around = [each for each in found if each[1] == best[1] and each[2] <= best[2] and each[3] >= best[3]]
    return max((each for each in around if each[0] >= _NEARLY * best[0]), key=lambda each: each[3] - each[2])


_MIRRORED = 26  # in the place of a shift: Atbash
_MOVED_BACK = np.array(
    [*([0, *((np.arange(26) - shift) % 26 + 1)] for shift in range(1, 26)), [0, *range(26, 0, -1)]], dtype=np.int16
)  # (26, 27)


def _best_shift(letters: np.ndarray) -> tuple[int, float]:
    """The shift that was most likely applied to the letters (L,), and their mean score without it."""
    scores = st.text_statistics().letter_scores(_MOVED_BACK.take(letters, axis=1)).mean(axis=1)
    place = int(np.argmax(scores))
    return place + 1, float(scores[place])


# Pig Latin ----------------------------------------------------------------------------------------------------------------

_PIG_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]+ay(?![A-Za-z])")
_ANY_WORD = re.compile(r"[A-Za-z]+")
_PIG_SHARE = 0.6  # of the words end in -ay
_MIN_PIG_WORDS = 4
_VOWELS = "aeiouAEIOU"


@decoder("pig_latin", Family.OTHER_CIPHER)
def _pig_latin(scan: Scan) -> Iterator[Found]:
    """'ignoreway isthay': the consonants that a word begins with at its end, then -ay; -way after a vowel."""
    if len(scan.unknown_words) < max(_MIN_PIG_WORDS, _PIG_SHARE * len(scan.spelt_words)):
        return
    turned = len(_PIG_WORD.findall(scan.text))
    if turned >= max(_MIN_PIG_WORDS, _PIG_SHARE * len(_ANY_WORD.findall(scan.text))):
        yield _PIG_WORD.sub(lambda word: _turn_back(word[0]), scan.text), 0.9


def _turn_back(word: str) -> str:
    """The most frequent English word that it may stand for; of none, one consonant goes back, which is what most have."""
    ranks = st.text_statistics().word_rank
    stem = word[:-2]
    least = len(ranks)
    best = stem[:-1] if stem.endswith("w") and stem[:1] in _VOWELS and len(stem) > 1 else stem[-1:] + stem[:-1]
    candidates = [stem[:-1]] if stem.endswith("w") else []
    for size in range(1, len(stem)):
        if stem[-size] in _VOWELS:
            break
        candidates.append(stem[-size:] + stem[:-size])
    for candidate in candidates[:_MAX_ONSET]:
        rank = ranks.get(candidate.lower(), least)
        if rank < least:
            best, least = candidate, rank
    is_capital = word[:1].isupper() or best[:1].isupper()
    return best.capitalize() if is_capital and not word.isupper() else best


_MAX_ONSET = 5
