"""Registration of decoders, and the properties of a text that they share.

A decoder judges the form of a text only, never the sentences around it. It yields nothing for ordinary text: it requires
evidence that the text is not plain language and that the decoded text is.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from ...labels import Family
from .. import statistics as st
from ..characters import JOINED_LETTER, PLAIN_LETTER, character_table
from ..chars import code_points_of

MIN_PART_CHARS = 12  # of a line or a quoted part that may hold a payload
MAX_SPANS = 512  # spans that one decoder decodes; more decoys, even of the shortest kind, would be most of the text
MAX_SEGMENTS = 24
MAX_SEGMENT_WORDS = 2000
MAX_CUT_CHARS = 4000  # characters of a range inside words whose word features are computed again

NUM_LETTERS = 26
ENGLISH_WORD = re.compile(r"(?<![\w'’])[A-Za-z]{4,}(?![\w])")

T = TypeVar("T")
Decoded = tuple[str, float]  # decoded text, plausibility
Decoder = Callable[["Scan"], Iterator[Decoded]]
FAMILIES: dict[str, Family] = {}  # decoder name -> attack family
_REGISTERED: list[tuple[str, Decoder]] = []


def decoder(name: str, family: Family) -> Callable[[Decoder], Decoder]:
    """Register a decoder of one notation; `family` is the family of attacks that use it."""

    def register(function: Decoder) -> Decoder:
        _REGISTERED.append((name, function))
        FAMILIES[name] = family
        return function

    return register


def decoders_of(module: str) -> list[tuple[str, Decoder]]:
    """(name, decoder) of each decoder that this module defines, in the order of the definitions."""
    return [(name, function) for name, function in _REGISTERED if function.__module__ == module]


class _once(Generic[T]):
    """functools.cached_property without its lock, which costs a microsecond per access in Python 3.11; a Scan belongs to one
    thread. The value replaces the descriptor in the instance."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self._name = compute.__name__

    def __get__(self, instance: Any, owner: type | None = None) -> T:
        value = instance.__dict__[self._name] = self._compute(instance)
        return value


class Scan:
    """One text and its properties that decoders share, each computed on first access."""

    def __init__(self, text: str) -> None:
        self.text = text

    @_once
    def is_ascii(self) -> bool:
        return self.text.isascii()

    @_once
    def code_points(self) -> np.ndarray:
        return code_points_of(self.text)

    @_once
    def kinds(self) -> np.ndarray:
        """(N,) uint8, the kinds of src/text/characters.py."""
        return character_table().kinds.take(self.code_points)

    @_once
    def folded(self) -> np.ndarray:
        return st.fold(self.code_points)

    @_once
    def order(self) -> np.ndarray:
        return st.text_statistics().order_evidence(self.folded)

    @_once
    def words(self) -> list[str]:
        return self.text.split()

    @_once
    def word_lengths(self) -> np.ndarray:
        """(W,) characters of each word between white space."""
        return self.word_spans[:, 1] - self.word_spans[:, 0]

    @_once
    def longest_word(self) -> int:
        return int(self.word_lengths.max(initial=0))

    @_once
    def bare_words(self) -> int:
        """The number of words that neither begin nor end with a letter."""
        starts, ends = self.word_spans.T
        return int(np.count_nonzero(~(self.are_letters.take(starts) | self.are_letters.take(ends - 1))))

    @_once
    def digits(self) -> int:
        return int(np.count_nonzero(self.folded == st.DIGIT))

    @_once
    def are_letters(self) -> np.ndarray:
        """(N,) bool: which characters are letters of any script."""
        if self.is_ascii:
            return self.folded - ord("a") < NUM_LETTERS  # unsigned: smaller code points wrap around
        return (self.kinds == PLAIN_LETTER) | (self.kinds == JOINED_LETTER)

    def share_in_long_words(self, least: int) -> float:
        """Share of the characters that are in words of at least `least` characters."""
        lengths = self.word_lengths
        return float(lengths[lengths >= least].sum()) / max(1, len(self.text))

    @_once
    def spelt_words(self) -> list[str]:
        """Words of four ASCII letters or more in their own case, without words in capitals."""
        return [word for word in ENGLISH_WORD.findall(self.text) if not word.isupper()]

    @_once
    def unknown_words(self) -> list[str]:
        """The `spelt_words` that are not in the table of English words, in lower case."""
        ranks = st.text_statistics().word_rank
        return [low for low in map(str.lower, self.spelt_words) if low not in ranks]

    @_once
    def word_spans(self) -> np.ndarray:
        """(W, 2) first character and end of each word."""
        return st.word_spans(self.folded)

    @_once
    def word_features(self) -> np.ndarray:
        """(2, W) class and shape of each word."""
        return st.word_features(self.words)

    @_once
    def word_adjacency(self) -> np.ndarray:
        """(W,) running sum of the adjacency scores of the words up to each, 0 first."""
        return st.running_sum(st.text_statistics().adjacency(*self.word_features))

    @_once
    def _word_bounds(self) -> tuple[list[int], list[int]]:
        return self.word_spans[:, 0].tolist(), self.word_spans[:, 1].tolist()

    def words_within(self, start: int, end: int) -> tuple[np.ndarray, float]:
        """(2, W') class and shape of the words of a range, and the sum of their adjacency scores.

        A word that the range cuts counts with its part inside.
        """
        text = self.text
        cuts_first = start > 0 and not text[start - 1].isspace() and not text[start].isspace()
        cuts_last = end < len(text) and not text[end].isspace() and not text[end - 1].isspace()
        if cuts_first or cuts_last:
            features = st.word_features(text[start : min(end, start + MAX_CUT_CHARS)].split()[:MAX_SEGMENT_WORDS])
            return features, float(st.text_statistics().adjacency(*features).sum())
        starts, ends = self._word_bounds
        first = bisect.bisect_left(starts, start)
        last = min(bisect.bisect_right(ends, end), first + MAX_SEGMENT_WORDS)
        adjacency = float(self.word_adjacency[last - 1] - self.word_adjacency[first]) if last > first else 0.0
        return self.word_features[:, first:last], adjacency

    @_once
    def letters(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Letters (L,), their positions (L,) and the running sum of their scores (L - 1,), 0 first."""
        letters, positions = st.letter_indices(self.folded)
        if len(letters) < 3:
            return letters, positions, np.zeros(1)
        return letters, positions, st.running_sum(st.text_statistics().letter_scores(letters))

    @_once
    def segments(self) -> list[tuple[int, int]]:
        """Ranges that may hold a payload: the whole text, then its lines, quoted parts and the text after a colon."""
        return list(dict.fromkeys([(0, len(self.text)), *_find_parts(self.text)]))[:MAX_SEGMENTS]


@dataclass(frozen=True)
class _Quotation:
    """Parts between an opening and a closing mark. `pattern` takes linear time in a text that ends with a closing mark."""

    opening: str  # its first characters; searching for the characters is faster than for the pattern
    closing: re.Pattern[str]
    pattern: re.Pattern[str]

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Ranges between the marks, without white space at the end."""
        if not any(mark in text for mark in self.opening):
            return
        end = max((match.end() for match in self.closing.finditer(text)), default=0)
        for match in self.pattern.finditer(text, 0, end):  # without a closing mark each opening one would search to the end
            start, stop = match.start(1), match.start(1) + len(match[1].rstrip())
            if stop - start >= MIN_PART_CHARS:
                yield start, stop


def _quotation(opening: str, closing: str, pattern: str) -> _Quotation:
    return _Quotation(opening, re.compile(closing), re.compile(pattern, re.DOTALL))


_LONG = f"{{{MIN_PART_CHARS},}}+"
_QUOTATIONS = (
    _quotation('"', '"', rf'"([^"]{_LONG})"'),
    _quotation("`", "`", rf"`([^`]{_LONG})`"),
    _quotation("“«„「『", "[”»“」』]", rf"[“«„「『]([^”»“」』]{_LONG})[”»“」』]"),
    _quotation("'", r"'(?!\w)", rf"(?<!\w)'(.{{{MIN_PART_CHARS},}})'(?!\w)"),  # greedy, because apostrophes occur inside
    _quotation('"', '"', rf'"(.{{{MIN_PART_CHARS},}})"'),
    _quotation("[", r"\]", rf"\[([^\[\]]{_LONG})\]"),
    _quotation("<", ">>", rf"<<\s*+([^<>]{_LONG})>>"),
    _quotation("<", ">", rf"<\w++>\s*+([^<>]{_LONG})</\w++>"),
    _quotation(":：", r"\Z", rf"[:：]\s*([^\n]{_LONG})"),
)

_LINE = re.compile(rf"[^\n]{_LONG}")


def _find_parts(text: str) -> Iterator[tuple[int, int]]:
    if "\n" in text:
        yield from (line.span() for line in _LINE.finditer(text))
    for quotation in _QUOTATIONS:
        yield from quotation.find(text)


def decode_in_place(
    scan: Scan, pattern: re.Pattern[str], decode: Callable[[str], str], accept: Callable[[str], bool]
) -> str | None:
    """The text with each span of the pattern decoded where the result is accepted; None where no result is."""
    pieces, end, num_decoded = [], 0, 0
    for match in pattern.finditer(scan.text):
        if num_decoded == MAX_SPANS:
            break
        try:
            decoded = decode(match[0])
        except ValueError:
            continue
        if not accept(decoded):
            continue
        pieces += [scan.text[end : match.start()], decoded]
        end = match.end()
        num_decoded += 1
    return "".join([*pieces, scan.text[end:]]) if num_decoded else None
