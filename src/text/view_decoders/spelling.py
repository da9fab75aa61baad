"""Words that are spelt otherwise: digits for letters, inner letters shuffled, letters doubled, vowels left out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from ...labels import Family
from .. import decoders as dec
from .. import statistics as st
from .registry import ENGLISH_WORD, Found, Scan, decoder

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


# Doubled letters ----------------------------------------------------------------------------------------------------------

_TWICE = re.compile(r"([a-z])\1")
_ALL_TWICE = re.compile(r"(?:(.)\1)+", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+")
_MIN_DOUBLED = 4  # words
_DOUBLED_SHARE = 0.35  # of the words that are not English; of all words half as many as of misspelt ones
_PAIRS = 0.35  # of the characters are like the one before: hardly any text has a tenth of that
_ALL_SHARE = 0.6  # of the words have every letter twice


@decoder("doubled_letters", Family.TYPOGLYCEMIA)
def _doubled_letters(scan: Scan) -> Iterator[Found]:
    """'iiggnnoorree' and 'ignnore': every letter twice, in any language, or some of English words."""
    text, folded = scan.text, scan.folded
    if np.count_nonzero(folded[1:] == folded[:-1]) >= _PAIRS * len(text):
        words = _WORD.findall(text)
        if sum(_ALL_TWICE.fullmatch(word) is not None for word in words) >= max(_MIN_DOUBLED, _ALL_SHARE * len(words)):
            yield dec.from_doubled(text), 0.9
            return
    unknown = scan.unknown_words
    least = max(_MIN_DOUBLED, _DOUBLED_SHARE * len(unknown), 0.12 * len(scan.spelt_words))
    if len(unknown) < least or len(_TWICE.findall(" ".join(unknown))) < least:
        return
    if sum(_single(word) is not None for word in unknown) >= least:
        ranks = st.text_statistics().word_rank
        yield _WORD.sub(lambda word: word[0] if word[0].lower() in ranks else _single(word[0]) or word[0], text), 0.8


def _single(word: str) -> str | None:
    """The longest English word that is left when letters that stand twice or more in a row are taken out."""
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
_VOWEL_SHARE = 0.2  # of the letters a-z: any language that is written in them has more, also English with first vowels only
_LATIN_SHARE = 0.95  # of the letters are a-z
_MIN_CONSONANTS = 16
_MIN_BARE_WORDS = 5
_RESOLVED = 0.7  # of the words
_MAX_CHOICES = 6  # words for one without vowels
_MAX_BARE_WORDS = 400
_BARE_WORD = re.compile(r"[A-Za-z]+")
_RANK_COST = 0.35  # nats a nat of rank: the weight of how frequent a word is beside how well it follows the one before


@decoder("dropped_vowels", Family.TYPOGLYCEMIA)
def _dropped_vowels(scan: Scan) -> Iterator[Found]:
    """'gnr ll prvs nstrctns': each the English word with these consonants that goes best with its neighbours.

    Words of vowels alone leave nothing behind, and several words may have the same consonants: a part is read wrongly.
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
    choices = [_with_vowels(word[0]) for word in words]
    resolved = [place for place, found in enumerate(choices) if found]
    if len(words) < _MIN_BARE_WORDS or len(resolved) < _RESOLVED * len(words):
        return
    for place, found in enumerate(choices):
        choices[place] = found or [words[place][0].lower()]
    pieces, end = [], 0
    for word, plain in zip(words, _most_likely(choices), strict=True):
        pieces += [scan.text[end : word.start()], plain.capitalize() if word[0][0].isupper() and not word[0].isupper() else plain]
        end = word.end()
    yield "".join([*pieces, scan.text[end:]]), 0.7


def _with_vowels(word: str) -> list[str]:
    low = word.lower()
    choices = st.text_statistics().words_by_consonants.get("".join(char for char in low if char not in "aeiou"), ())
    if low[0] in "aeiou":  # the vowel that a word begins with is often left
        choices = [choice for choice in choices if choice[0] == low[0]] or choices
    return list(choices[:_MAX_CHOICES])


def _most_likely(choices: list[list[str]]) -> list[str]:
    """One word of each list, so that they are frequent and go together (Viterbi over pairs of neighbours)."""
    statistics = st.text_statistics()
    unranked = len(statistics.words)
    costs = [[_RANK_COST * np.log(statistics.word_rank.get(word, unranked) + 10) for word in words] for words in choices]
    classes = [np.array([statistics.class_of(word) for word in words]) for words in choices]
    total = np.array(costs[0])
    back = []
    for place in range(1, len(choices)):
        together = statistics.word_order[np.ix_(classes[place - 1], classes[place])] / st.SCALE
        reached = total[:, None] - together
        back.append(reached.argmin(axis=0))
        total = reached.min(axis=0) + np.array(costs[place])
    best = [int(total.argmin())]
    for step in reversed(back):
        best.append(int(step[best[-1]]))
    return [words[index] for words, index in zip(choices, reversed(best), strict=True)]
