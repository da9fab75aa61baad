"""Altered spelling: digits for letters, inner letters shuffled, letters doubled, vowels left out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from ...labels import Family
from .. import decoders as dec
from .. import statistics as st
from .registry import ENGLISH_WORD, Decoded, Scan, decoder

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
def _leet(scan: Scan) -> Iterator[Decoded]:
    candidates = _LEET_WORD.findall(scan.text) if _LEET_SIGN.search(scan.text) else ()
    if len(candidates) < 2:
        return
    num_words = sum(len(word) >= 3 and _decode_leet(word) is not None for word in candidates)
    if num_words < 2 or num_words < 0.4 * len(candidates) or num_words < 0.1 * len(scan.words):
        return
    replaces_all = num_words >= 0.3 * len(scan.words)  # then digits outside English words are letters too

    def decode(match: re.Match[str]) -> str:
        word = match[0]
        if word.isalpha() or (word.isdigit() and not replaces_all):
            return word
        return _decode_leet(word) or (word.translate(_FROM_LEET) if replaces_all else word)

    yield _LEET_TOKEN.sub(decode, scan.text), 0.8


@lru_cache(maxsize=1 << 14)
def _decode_leet(word: str) -> str | None:
    """The most frequent English word that the signs can stand for; a final '!' may also be punctuation."""
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
def _typoglycemia(scan: Scan) -> Iterator[Decoded]:
    """English words whose inner letters are in another order."""
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
        restored = frames.get(st.frame_of(word.lower()))
        if restored is None:
            return word
        return restored.capitalize() if word[0].isupper() else restored

    yield ENGLISH_WORD.sub(restore, scan.text), 0.75 if hits < 4 else 0.85


# Doubled letters ----------------------------------------------------------------------------------------------------------

_TWICE = re.compile(r"([a-z])\1")
_ALL_TWICE = re.compile(r"(?:(.)\1)+", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+")
_MIN_DOUBLED_WORDS = 4
_DOUBLED_SHARE = 0.35  # least share of the unknown words with doubled letters
_PAIR_SHARE = 0.35  # least share of characters that equal the one before; ordinary text hardly has a tenth of that
_ALL_TWICE_SHARE = 0.6  # least share of words with every letter doubled


@decoder("doubled_letters", Family.TYPOGLYCEMIA)
def _doubled_letters(scan: Scan) -> Iterator[Decoded]:
    """'iiggnnoorree' and 'ignnore': every letter doubled, in any language, or some letters of English words."""
    text, folded = scan.text, scan.folded
    if np.count_nonzero(folded[1:] == folded[:-1]) >= _PAIR_SHARE * len(text):
        words = _WORD.findall(text)
        if sum(_ALL_TWICE.fullmatch(word) is not None for word in words) >= max(
            _MIN_DOUBLED_WORDS, _ALL_TWICE_SHARE * len(words)
        ):
            yield dec.from_doubled(text), 0.9
            return
    unknown = scan.unknown_words
    least = max(_MIN_DOUBLED_WORDS, _DOUBLED_SHARE * len(unknown), 0.12 * len(scan.spelt_words))
    if len(unknown) < least or len(_TWICE.findall(" ".join(unknown))) < least:
        return
    if sum(_undouble(word) is not None for word in unknown) >= least:
        ranks = st.text_statistics().word_rank
        yield _WORD.sub(lambda word: word[0] if word[0].lower() in ranks else _undouble(word[0]) or word[0], text), 0.8


def _undouble(word: str) -> str | None:
    """The longest English word that results from removing letters from runs of equal letters; None where there is none."""
    low = word.lower()
    choices = st.text_statistics().words_by_single_letters.get(st.single_letters(low), ())
    runs = _run_lengths(low)
    fitting = [choice for choice in choices if choice != low and all(map(int.__le__, _run_lengths(choice), runs))]
    if not fitting:
        return None
    best = max(fitting, key=len)
    return best.upper() if word.isupper() else best.capitalize() if word[:1].isupper() else best


def _run_lengths(word: str) -> list[int]:
    return [len(list(run)) for _, run in itertools.groupby(word)]


# Vowels left out ----------------------------------------------------------------------------------------------------------

_VOWEL_PLACES = [ord(vowel) - ord("a") + 1 for vowel in "aeiou"]
_VOWEL_SHARE = (
    0.2  # greatest share among the letters a-z; any language in these letters has more, also English with first vowels only
)
_LATIN_SHARE = 0.95  # least share of letters that are a-z
_MIN_CONSONANTS = 16
_MIN_BARE_WORDS = 5
_RESOLVED_SHARE = 0.7  # least share of words with an English candidate
_MAX_CHOICES = 6  # candidates per word
_MAX_BARE_WORDS = 400
_BARE_WORD = re.compile(r"[A-Za-z]+")
_RANK_COST = 0.35  # weight of a word's log rank relative to its adjacency score with the word before


@decoder("dropped_vowels", Family.TYPOGLYCEMIA)
def _dropped_vowels(scan: Scan) -> Iterator[Decoded]:
    """'gnr ll prvs nstrctns': each becomes the English word with these consonants that fits its neighbours best.

    Words of vowels alone disappear, and several words may share their consonants, so part of the result is wrong.
    """
    if len(scan.unknown_words) < 0.5 * len(scan.spelt_words):
        return
    letters = scan.letters[0]
    counts = np.bincount(letters, minlength=27)
    vowels, total = int(counts[_VOWEL_PLACES].sum()), int(counts[1:27].sum())
    if total < _MIN_CONSONANTS or vowels > _VOWEL_SHARE * total or 2 * total < len(scan.text):
        return
    if not scan.is_ascii and total < _LATIN_SHARE * np.count_nonzero(scan.are_letters):
        return  # the vowels may be letters that look like Latin ones
    words = list(itertools.islice(_BARE_WORD.finditer(scan.text), _MAX_BARE_WORDS))
    choices = [_restore_vowels(word[0]) for word in words]
    num_resolved = sum(map(bool, choices))
    if len(words) < _MIN_BARE_WORDS or num_resolved < _RESOLVED_SHARE * len(words):
        return
    choices = [candidates or [word[0].lower()] for word, candidates in zip(words, choices, strict=True)]
    pieces, end = [], 0
    for word, plain in zip(words, _most_likely(choices), strict=True):
        pieces += [scan.text[end : word.start()], plain.capitalize() if word[0][0].isupper() and not word[0].isupper() else plain]
        end = word.end()
    yield "".join([*pieces, scan.text[end:]]), 0.7


def _restore_vowels(word: str) -> list[str]:
    low = word.lower()
    choices = st.text_statistics().words_by_consonants.get("".join(char for char in low if char not in "aeiou"), ())
    if low[0] in "aeiou":  # a leading vowel is often kept
        choices = [choice for choice in choices if choice[0] == low[0]] or choices
    return list(choices[:_MAX_CHOICES])


def _most_likely(choices: list[list[str]]) -> list[str]:
    """One word of each list, by frequency and adjacency scores (Viterbi over pairs of neighbours)."""
    statistics = st.text_statistics()
    unranked = len(statistics.words)
    costs = [[_RANK_COST * np.log(statistics.word_rank.get(word, unranked) + 10) for word in words] for words in choices]
    classes = [np.array([statistics.class_of(word) for word in words]) for words in choices]
    total = np.array(costs[0])
    back = []
    for place in range(1, len(choices)):
        adjacency = statistics.word_order[np.ix_(classes[place - 1], classes[place])] / st.SCALE
        path_costs = total[:, None] - adjacency
        back.append(path_costs.argmin(axis=0))
        total = path_costs.min(axis=0) + np.array(costs[place])
    best = [int(total.argmin())]
    for step in reversed(back):
        best.append(int(step[best[-1]]))
    return [words[index] for words, index in zip(choices, reversed(best), strict=True)]
