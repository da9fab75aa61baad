"""Splits a text into sentences, or a single sentence into clauses or groups of words.

Splits at punctuation marks, in any language and without a model. An ASCII mark ends a sentence only before white space ("3.5"
and "example.com" stay whole), a mark of another script anywhere. Line breaks end sentences, and so do JSON strings, which
are followed by a comma, a colon or a bracket. Spans are half-open, ascending and disjoint, begin and end with a character other
than white space, and together contain every such character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int]

MIN_PARTS = 3  # least parts of a single sentence with enough words
MAX_GROUP_WORDS = 4
_CLOSING = "\"'”’»」』》）)\\]}"
_MARKS = re.compile(
    rf"""(?P<ascii>[.!?;…\u037e]++[{_CLOSING}]*+)
    | [。｡！？；؟۔।॥։።។]++[{_CLOSING}]*+  # East Asian, Arabic, Urdu, Indic, Armenian, Ethiopic, Khmer
    | [\n\r\v\f\x1c-\x1e\x85\u2028\u2029]++
    | ["']\s*+[,:\]}}]++  # a string of JSON
    """,
    re.VERBOSE,
)
_INITIAL = re.compile(r"(?<!\w)[^\W\d_]\.")  # "e.g.", "J. Smith"
_COMMAS = re.compile(r"[,:](?=\s)|[，、：،؛]")
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han and kana: every character counts as a word
_WORDS = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]++")


def split_sentences(text: str) -> list[Span]:
    """The sentences, or the parts of a single sentence; none for white space. Spans without a letter join a neighbour."""
    sentences = _join_letterless(text, _cut(text, _sentence_ends(text)))
    return sentences if len(sentences) != 1 else _parts_of_sentence(text, *sentences[0])


def join_evenly(spans: Sequence[Span], limit: int) -> list[Span]:
    """Join neighbouring spans into at most `limit` spans whose sizes differ by at most one."""
    count = min(len(spans), limit)
    bounds = [len(spans) * place // max(count, 1) for place in range(count + 1)]
    return [(spans[first][0], spans[stop - 1][1]) for first, stop in zip(bounds, bounds[1:], strict=False)]


def _cut(text: str, ends: Iterable[int]) -> list[Span]:
    """The spans between `ends`, without surrounding white space."""
    spans, start = [], 0
    for end in [*ends, len(text)]:
        piece = text[start:end]
        if piece.strip():
            spans.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
        start = end
    return spans


def _sentence_ends(text: str) -> Iterator[int]:
    for match in _MARKS.finditer(text):
        is_ascii = match["ascii"] is not None
        if not is_ascii or (text[match.end() : match.end() + 1].isspace() and not _follows_initial(text, match)):
            yield match.end()


def _follows_initial(text: str, mark: re.Match[str]) -> bool:
    return mark[0] == "." and mark.start() > 0 and _INITIAL.match(text, mark.start() - 1) is not None


def _join_letterless(text: str, spans: Sequence[Span]) -> list[Span]:
    """Join each span without a letter (list numbers, brackets) to the next span, the last ones to the span before."""
    joined: list[Span] = []
    start = None
    for first, end in spans:
        start = first if start is None else start
        if any(map(str.isalpha, text[first:end])):
            joined.append((start, end))
            start = None
    if start is not None:  # no span follows the last ones
        joined[-1:] = [(joined[-1][0] if joined else start, spans[-1][1])]
    return joined


def _parts_of_sentence(text: str, start: int, end: int) -> list[Span]:
    """Clauses if there are enough, else groups of words of each clause."""
    sentence = text[start:end]
    clauses = _join_letterless(sentence, _cut(sentence, (match.end() for match in _COMMAS.finditer(sentence))))
    words = len(_WORDS.findall(sentence))
    if len(clauses) < MIN_PARTS and (len(clauses) == 1 or words >= 2 * MIN_PARTS):
        size = max(1, min(MAX_GROUP_WORDS, words // MIN_PARTS))
        clauses = [(first + a, first + b) for first, stop in clauses for a, b in _group_words(sentence[first:stop], size)]
    return [(start + first, start + stop) for first, stop in clauses]


def _group_words(clause: str, size: int) -> list[Span]:
    """Groups of at most `size` words whose sizes differ by at most one."""
    words = [match.span() for match in _WORDS.finditer(clause)]
    return join_evenly(words, -(-len(words) // size))
