"""Invisible characters: payloads of tags and selectors, marks and joiners among letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import numpy as np

from ...labels import Family
from .. import decoders as dec
from .. import statistics as st
from ..characters import BLANK, JOINED_LETTER, MARK, ORDINARY_HIDDEN, OTHER, PLAIN_LETTER, character_table
from ..chars import code_points_of
from ..statistics import SPACE
from .registry import Decoded, Scan, decoder

_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f")  # the only ordinary use of tags (UTS 51)
_TAG_FRAME = dict.fromkeys(map(ord, (dec.TAG_BEGIN, dec.TAG_END)))
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_BITS = re.compile("[\u2062\u2064]{16,}")


@decoder("tags", Family.CHAR_INJECTION)
def _tags(scan: Scan) -> Iterator[Decoded]:
    if scan.is_ascii or not _TAGS.search(scan.text):
        return
    text = _FLAG.sub("\U0001f3f4", scan.text)
    if _TAGS.search(text):
        yield dec.from_tags(text.translate(_TAG_FRAME)), 0.99


@decoder("variation_selectors", Family.CHAR_INJECTION)
def _variation_selectors(scan: Scan) -> Iterator[Decoded]:
    if scan.is_ascii:
        return
    runs = [run for run in _SELECTORS.finditer(scan.text) if len(set(run[0])) > 1]
    if not runs:
        return
    try:
        hidden = "".join(dec.from_variation_selectors(run[0]) for run in runs)
    except ValueError:
        return
    cover = _SELECTORS.sub("", scan.text).strip()
    yield (hidden if len(cover) <= 2 else f"{cover}\n{hidden}"), 0.99


@decoder("sneaky_bits", Family.CHAR_INJECTION)
def _sneaky_bits(scan: Scan) -> Iterator[Decoded]:
    if scan.is_ascii or not _BITS.search(scan.text):
        return
    try:
        hidden = dec.from_sneaky_bits(scan.text)
    except ValueError:
        return
    cover = _BITS.sub("", scan.text).strip()
    yield (f"{cover}\n{hidden}" if cover else hidden), 0.99


_PLAIN_LETTER = "A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff"  # scripts without direction marks inside a word
# Patterns over character kinds, one byte per character. _NEVER_INSIDE: characters that no script has inside words.
# _SELDOM_INSIDE: characters that some scripts have inside words, between letters of other scripts. _BETWEEN_ANY: the same
# between letters of any script; many of them are neither joiners nor line-break opportunities.
_NEVER_INSIDE = re.compile(b"(?<=[\x01\x02\x03])[\x04-\x06]*[\x05\x06][\x04-\x06]*(?=[\x01\x02])")
_SELDOM_INSIDE = re.compile(b"(?<=[\x01\x03])\x04+(?=\x01)")
_BETWEEN_ANY = re.compile(b"(?<=[\x01\x02\x03])\x04+(?=[\x01\x02])")
_DENSE_SHARE = 0.4  # hidden characters per letter; more than any text has as line-break opportunities or joiners
_SOFT_HYPHEN_SHARE = 0.02  # soft hyphens per character; more than typeset text has
# UTF-8 that was decoded as Latin-1 has a control character in the place of every second byte.
_MISREAD = re.compile("[\u00c2-\u00f4][\u0080-\u009f]")


@decoder("hidden_characters", Family.CHAR_INJECTION)
def _hidden_characters(scan: Scan) -> Iterator[Decoded]:
    """Invisible characters inside words: ignorable, unassigned, control and private ones, and blanks as wide as a letter.

    A single character that no script has inside words is enough evidence. Two are required of characters that some scripts
    have: joiners of Persian and Indic scripts, line-break opportunities in Thai, selectors of Han and emoji, soft hyphens of
    typeset text, direction marks.
    """
    if scan.is_ascii and scan.folded.min(initial=SPACE) >= SPACE and "\x7f" not in scan.text:
        return
    kinds = scan.kinds
    if kinds.max(initial=0) < ORDINARY_HIDDEN:
        return
    kind_bytes = kinds.tobytes()
    num_foreign = len(_NEVER_INSIDE.findall(kind_bytes)) - (len(_MISREAD.findall(scan.text)) if not scan.is_ascii else 0)
    if num_foreign <= 0 and not _has_unusual_joiners(scan.text, kind_bytes):
        return
    yield _remove_hidden(scan.text, kinds), 0.95


def _has_unusual_joiners(text: str, kind_bytes: bytes) -> bool:
    """Whether joiners and similar characters are inside words where ordinary text has none."""
    count = len(_SELDOM_INSIDE.findall(kind_bytes))
    soft_hyphens = text.count("\u00ad")
    if count >= 2 and (soft_hyphens == 0 or count > soft_hyphens or count > _SOFT_HYPHEN_SHARE * len(text)):
        return True
    letters = kind_bytes.count(PLAIN_LETTER) + kind_bytes.count(JOINED_LETTER) + kind_bytes.count(MARK)
    return len(_BETWEEN_ANY.findall(kind_bytes)) > max(4, _DENSE_SHARE * letters)


def _remove_hidden(text: str, kinds: np.ndarray) -> str:
    """The text without invisible characters, except joiners and selectors beside letters that use them.

    A blank as wide as a letter becomes a space where the words on both sides are in the word table and their concatenation is
    not.
    """
    is_dropped = _out_of_place(text, kinds)
    is_blank = (kinds == BLANK) & is_dropped
    code_points = code_points_of(text).copy()
    code_points[is_blank] = _BLANK_PLACEHOLDER
    visible = code_points[~is_dropped | is_blank].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    return _WORD.sub(_join_or_split, visible) if is_blank.any() else visible


def _out_of_place(text: str, kinds: np.ndarray) -> np.ndarray:
    """Which characters are invisible and not used by the script or symbol beside them, (N,) bool."""
    is_hidden = kinds >= ORDINARY_HIDDEN
    takes_hidden = np.zeros(len(kinds) + 2, dtype=bool)  # letters that may have joiners, and emoji
    takes_hidden[1:-1] = (kinds == JOINED_LETTER) | (kinds == OTHER) & (code_points_of(text) >= _FIRST_SYMBOL)
    if np.count_nonzero(takes_hidden):
        is_ordinary = (kinds == ORDINARY_HIDDEN) & (takes_hidden[:-2] | takes_hidden[2:])
    else:
        is_ordinary = np.zeros_like(is_hidden)
    if len(_BETWEEN_ANY.findall(kinds.tobytes())) > _DENSE_SHARE * np.count_nonzero(takes_hidden):
        is_ordinary[:] = False
    return is_hidden & ~is_ordinary


_FIRST_SYMBOL = 0x2190
_BLANK_PLACEHOLDER = 0xFFFC
_WORD = re.compile(r"\S+")


def _join_or_split(word: re.Match[str]) -> str:
    """The word without its blanks, or the words between them."""
    if "\ufffc" not in word[0]:
        return word[0]
    parts = [part for part in word[0].split("\ufffc") if part]
    ranks = st.text_statistics().word_rank
    joined = "".join(parts)
    if len(parts) >= _MIN_SPLIT_WORDS and st.word_key(joined) not in ranks and all(st.word_key(part) in ranks for part in parts):
        return " ".join(parts)
    return joined


_MIN_SPLIT_WORDS = 3  # two parts of one word may be words by chance


_BIDI_INSIDE = re.compile(f"(?<=[{_PLAIN_LETTER}])[\u202a-\u202e\u2066-\u2069]+(?=[{_PLAIN_LETTER}])")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")


@decoder("bidi", Family.CHAR_INJECTION)
def _bidi(scan: Scan) -> Iterator[Decoded]:
    if scan.is_ascii:
        return
    has_override = dec.RLO in scan.text and not _RIGHT_TO_LEFT.search(scan.text)
    if has_override or len(_BIDI_INSIDE.findall(scan.text)) >= 2:
        yield dec.from_bidi(scan.text), 0.95


_MARK = re.compile("[\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]")
_ZALGO = re.compile("[\u0300-\u036f]")
# Letters with a line through or under them or in a frame. Keycaps enclose a digit; no language uses the other marks.
_DRAWN_OVER = re.compile("[^\\W\\d_][\u0305\u0332\u0333\u0335-\u0338\u0489\u20d2-\u20ea]")
_MIN_DRAWN_OVER = 4


@decoder("combining_marks", Family.CHAR_INJECTION)
def _combining_marks(scan: Scan) -> Iterator[Decoded]:
    """Zalgo text and struck-out words. A language uses few different marks, Zalgo many; no language strikes words out."""
    if scan.is_ascii or not _MARK.search(scan.text):
        return
    text = unicodedata.normalize("NFC", scan.text)
    marks = _ZALGO.findall(text)
    if (len(marks) >= 3 and len(set(marks)) >= 3) or len(_DRAWN_OVER.findall(text)) >= _MIN_DRAWN_OVER:
        yield _MARK.sub("", scan.text), 0.9


_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SOFT_HYPHEN = "\u00ad"
# Keycaps and signs below _FIRST_SYMBOL with a selector for text or emoji presentation.
_SELECTED_SYMBOL = re.compile("[0-9#*\u00a9\u00ae\u203c\u2049\u2122\u2139][\ufe0e\ufe0f]")


def find_unseen(text: str) -> list[int]:
    """Positions of invisible characters, ascending, except those that ordinary text has in their place.

    These exceptions are: joiners and selectors beside letters and symbols that use them, the tags of flags, as many soft hyphens
    as typeset text has, direction marks in right-to-left text, and control characters of misread UTF-8.
    """
    kinds = character_table().kinds.take(code_points_of(text))
    directions = [match.start() for match in _DIRECTION.finditer(text)]
    if kinds.max(initial=0) < ORDINARY_HIDDEN and not directions:
        return []
    is_unseen = _out_of_place(text, kinds)
    for run in _SELECTORS.finditer(text):
        is_unseen[run.start() : run.end()] = True
    for ordinary in (_FLAG, _SELECTED_SYMBOL, _MISREAD):
        for match in ordinary.finditer(text):
            is_unseen[match.start() : match.end()] = False
    if text.count(_SOFT_HYPHEN) <= _SOFT_HYPHEN_SHARE * len(text):
        is_unseen &= code_points_of(text) != ord(_SOFT_HYPHEN)
    is_unseen[directions] = not _RIGHT_TO_LEFT.search(text)
    for run in _BIDI_INSIDE.finditer(text):
        is_unseen[run.start() : run.end()] = True
    return is_unseen.nonzero()[0].tolist()
