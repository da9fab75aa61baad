"""Substituted letters: shifted in the alphabet, mirrored in it, or moved to the end of their word."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import numpy as np

from ...labels import Family
from .. import decoders as dec
from .. import statistics as st
from .registry import MAX_SEGMENTS, Decoded, Scan, decoder

MIN_CAESAR_LETTERS = 16
MAX_CAESAR_LETTERS = 400  # letters from which the shift is inferred
_PLAIN_SCORE = -2.75  # nats per letter above which the text itself reads like language
_CAESAR_GAIN = 0.55  # least gain of the best shift over the text itself, in nats per letter
_CAESAR_SCORE = -3.3  # least score of the decoded text, in nats per letter
_USUAL_GAIN, _USUAL_SCORE = 0.3, -3.8  # the same for ROT13 and Atbash
_UNLIKE_SCORE = -3.4  # nats per letter that separate ciphered text (below) from languages (above)
_MAX_ASCII_RUNS = 16  # runs of Latin letters that are tried in a text of another script
_NEAR_BEST_SHARE = 0.9  # share of the largest gain that a wider segment must reach
_ASCII_RUN = re.compile(r"[ -~\n]{24,}")
_CAESAR_SHARE = 0.5  # least share of Latin letters; a few in a text of another script are abbreviations


@decoder("caesar", Family.ENCODING)
def _caesar(scan: Scan) -> Iterator[Decoded]:
    """One of the 25 shifts or the mirrored alphabet (Atbash), applied to the text or to a part of it."""
    letters, positions, running = scan.letters
    if len(letters) < MIN_CAESAR_LETTERS:
        return
    bounds = np.array([*scan.segments, *_ascii_runs(scan), *_unlike_language(scan)], dtype=np.intp)
    ranges = positions.searchsorted(bounds)
    sizes = ranges[:, 1] - ranges[:, 0] - 2
    plain_scores = (running.take(ranges[:, 1] - 2, mode="clip") - running.take(ranges[:, 0], mode="clip")) / np.maximum(sizes, 1)
    candidates: list[tuple[float, int, int, int]] = []  # gain, shift, start, end
    for index in ((plain_scores <= _PLAIN_SCORE) & (sizes > 0)).nonzero()[0].tolist():
        (start, end), (first, last), plain = bounds[index].tolist(), ranges[index].tolist(), float(plain_scores[index])
        segment_letters = letters[first:last]
        count = np.count_nonzero(segment_letters)
        if count < max(MIN_CAESAR_LETTERS, _CAESAR_SHARE * (end - start)):
            continue
        shift, score = _best_shift(segment_letters[:MAX_CAESAR_LETTERS])
        gain = (score - plain) * count
        is_usual = shift in (13, _MIRRORED)  # ROT13 and Atbash are in common use, so they need less evidence
        least_gain, least_score = (_USUAL_GAIN, _USUAL_SCORE) if is_usual else (_CAESAR_GAIN, _CAESAR_SCORE)
        if score > least_score and score - plain > least_gain:
            candidates.append((gain, shift, start, end))
    if candidates:
        best_gain, shift, start, end = _widest_of_best(candidates)
        text = scan.text
        segment = text[start:end]
        decoded = dec.atbash(segment) if shift == _MIRRORED else dec.caesar(segment, -shift)
        yield text[:start] + decoded + text[end:], float(0.95 / (1 + np.exp(-best_gain / 8)))


def _ascii_runs(scan: Scan) -> list[tuple[int, int]]:
    """Runs of ASCII in a text of another script."""
    if scan.is_ascii:
        return []
    return list(itertools.islice((run.span() for run in _ASCII_RUN.finditer(scan.text)), _MAX_ASCII_RUNS))


def _unlike_language(scan: Scan) -> list[tuple[int, int]]:
    """The run that reads least like language, in a text with more than MAX_SEGMENTS segments; at most one."""
    letters, positions, running = scan.letters
    if len(scan.segments) < MAX_SEGMENTS or len(letters) < MIN_CAESAR_LETTERS:
        return []
    badness = st.running_sum(_UNLIKE_SCORE - np.diff(running))
    lowest = np.minimum.accumulate(badness[:-1])
    last = int(np.argmax(badness[1:] - lowest)) + 1
    first = int(np.argmin(badness[:last]))
    return [(int(positions[first]), int(positions[min(last + 1, len(positions) - 1)]) + 1)]


def _widest_of_best(candidates: list[tuple[float, int, int, int]]) -> tuple[float, int, int, int]:
    """The candidate with the largest gain, or the widest one around it with the same shift and nearly the same gain.

    A line of numbers or names is weak evidence for any shift, although the surrounding text was shifted as a whole.
    """
    best = max(candidates)
    around = [each for each in candidates if each[1] == best[1] and each[2] <= best[2] and each[3] >= best[3]]
    return max((each for each in around if each[0] >= _NEAR_BEST_SHARE * best[0]), key=lambda each: each[3] - each[2])


_MIRRORED = 26  # stands for Atbash in the place of a shift
_UNSHIFTED = np.array(
    [*([0, *((np.arange(26) - shift) % 26 + 1)] for shift in range(1, 26)), [0, *range(26, 0, -1)]], dtype=np.int16
)  # (26, 27): shift - 1, letter index -> letter index before the shift


def _best_shift(letters: np.ndarray) -> tuple[int, float]:
    """The most likely shift of the letters (L,), and their mean score after undoing it."""
    scores = st.text_statistics().letter_scores(_UNSHIFTED.take(letters, axis=1)).mean(axis=1)
    best = int(np.argmax(scores))
    return best + 1, float(scores[best])


# Pig Latin ----------------------------------------------------------------------------------------------------------------

_PIG_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]+ay(?![A-Za-z])")
_ANY_WORD = re.compile(r"[A-Za-z]+")
_PIG_SHARE = 0.6  # least share of words that end in -ay
_MIN_PIG_WORDS = 4
_VOWELS = "aeiouAEIOU"


@decoder("pig_latin", Family.OTHER_CIPHER)
def _pig_latin(scan: Scan) -> Iterator[Decoded]:
    """'ignoreway isthay': leading consonants moved to the end of the word, then -ay; -way after a leading vowel."""
    if len(scan.unknown_words) < max(_MIN_PIG_WORDS, _PIG_SHARE * len(scan.spelt_words)):
        return
    num_pig_words = len(_PIG_WORD.findall(scan.text))
    if num_pig_words >= max(_MIN_PIG_WORDS, _PIG_SHARE * len(_ANY_WORD.findall(scan.text))):
        yield _PIG_WORD.sub(lambda word: _undo_pig_latin(word[0]), scan.text), 0.9


def _undo_pig_latin(word: str) -> str:
    """The most frequent English word that it may stand for; if there is none, one consonant is moved back, the usual case."""
    ranks = st.text_statistics().word_rank
    stem = word[:-2]
    best_rank = len(ranks)
    best = stem[:-1] if stem.endswith("w") and stem[:1] in _VOWELS and len(stem) > 1 else stem[-1:] + stem[:-1]
    candidates = [stem[:-1]] if stem.endswith("w") else []
    for size in range(1, len(stem)):
        if stem[-size] in _VOWELS:
            break
        candidates.append(stem[-size:] + stem[:-size])
    for candidate in candidates[:_MAX_ONSET]:
        rank = ranks.get(candidate.lower(), best_rank)
        if rank < best_rank:
            best, best_rank = candidate, rank
    is_capital = word[:1].isupper() or best[:1].isupper()
    return best.capitalize() if is_capital and not word.isupper() else best


_MAX_ONSET = 5  # candidates that are looked up
