"""Characters that no reader sees: payloads of tags and selectors, marks and joiners strewn among letters."""

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
from .registry import Found, Scan, decoder

_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f")  # the only ordinary use of tags (UTS 51)
_TAG_FRAME = dict.fromkeys(map(ord, (dec.TAG_BEGIN, dec.TAG_END)))
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_BITS = re.compile("[\u2062\u2064]{16,}")


@decoder("tags", Family.CHAR_INJECTION)
def _tags(scan: Scan) -> Iterator[Found]:
    if scan.is_ascii or not _TAGS.search(scan.text):
        return
    text = _FLAG.sub("\U0001f3f4", scan.text)
    if _TAGS.search(text):
        yield dec.from_tags(text.translate(_TAG_FRAME)), 0.99


@decoder("variation_selectors", Family.CHAR_INJECTION)
def _variation_selectors(scan: Scan) -> Iterator[Found]:
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
def _sneaky_bits(scan: Scan) -> Iterator[Found]:
    if scan.is_ascii or not _BITS.search(scan.text):
        return
    try:
        hidden = dec.from_sneaky_bits(scan.text)
    except ValueError:
        return
    cover = _BITS.sub("", scan.text).strip()
    yield (f"{cover}\n{hidden}" if cover else hidden), 0.99


_PLAIN_LETTER = "A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff"  # of scripts without marks of direction inside a word
# Over the kinds of the characters, one byte each. What no script has inside its words; what some have, between letters of
# scripts that do not; and that so often that it can be neither joiners nor places to break a line.
_NEVER_INSIDE = re.compile(b"(?<=[\x01\x02\x03])[\x04-\x06]*[\x05\x06][\x04-\x06]*(?=[\x01\x02])")
_SELDOM_INSIDE = re.compile(b"(?<=[\x01\x03])\x04+(?=\x01)")
_BETWEEN_ANY = re.compile(b"(?<=[\x01\x02\x03])\x04+(?=[\x01\x02])")
_DENSE = 0.4  # of the letters: more than any text has line breaks or joiners
_SOFT_HYPHENS = 0.02  # of the characters: more than typeset text has
# UTF-8 that was read as Latin-1 leaves control characters in the place of every second byte.
_MISREAD = re.compile("[\u00c2-\u00f4][\u0080-\u009f]")


@decoder("hidden_characters", Family.CHAR_INJECTION)
def _hidden_characters(scan: Scan) -> Iterator[Found]:
    """Characters without ink inside words: ignorable, unassigned, control and private ones, and blanks as wide as a letter.

    One that no script has inside its words is enough. Two are wanted of those that some have: joiners of Persian and Indic
    scripts, places to break lines in Thai, selectors of Han and emoji, soft hyphens of typeset text, marks of direction.
    """
    if scan.is_ascii and scan.folded.min(initial=SPACE) >= SPACE and "\x7f" not in scan.text:
        return
    kinds = scan.kinds
    if kinds.max(initial=0) < ORDINARY_HIDDEN:
        return
    shown = kinds.tobytes()
    never = len(_NEVER_INSIDE.findall(shown)) - (len(_MISREAD.findall(scan.text)) if not scan.is_ascii else 0)
    if never <= 0 and not _are_seldom(scan.text, shown):
        return
    plain = _without_hidden(scan.text, kinds)
    yield plain, 0.95


def _are_seldom(text: str, shown: bytes) -> bool:
    """Whether joiners and their like stand inside words where no ordinary text has them."""
    places = len(_SELDOM_INSIDE.findall(shown))
    soft_hyphens = text.count("\u00ad")
    if places >= 2 and (soft_hyphens == 0 or places > soft_hyphens or places > _SOFT_HYPHENS * len(text)):
        return True
    letters = shown.count(PLAIN_LETTER) + shown.count(JOINED_LETTER) + shown.count(MARK)
    return len(_BETWEEN_ANY.findall(shown)) > max(4, _DENSE * letters)


def _without_hidden(text: str, kinds: np.ndarray) -> str:
    """The text without what is hidden in it, but for joiners and selectors beside letters that have them.

    A blank as wide as a letter stands for a space where the words on both sides of it are known ones and the two together
    are not.
    """
    drops = _out_of_place(text, kinds)
    blank = (kinds == BLANK) & drops
    code_points = code_points_of(text).copy()
    code_points[blank] = _MARK_OF_BLANK
    kept = code_points[~drops | blank].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    return _WORD.sub(_join_or_part, kept) if blank.any() else kept


def _out_of_place(text: str, kinds: np.ndarray) -> np.ndarray:
    """Which characters a reader does not see and no script or symbol has where they stand, (N,) bool."""
    hidden = kinds >= ORDINARY_HIDDEN
    beside = np.zeros(len(kinds) + 2, dtype=bool)  # a letter that may have joiners, or an emoji
    beside[1:-1] = (kinds == JOINED_LETTER) | (kinds == OTHER) & (code_points_of(text) >= _FIRST_SYMBOL)
    keeps = (kinds == ORDINARY_HIDDEN) & (beside[:-2] | beside[2:]) if np.count_nonzero(beside) else np.zeros_like(hidden)
    if len(_BETWEEN_ANY.findall(kinds.tobytes())) > _DENSE * np.count_nonzero(beside):
        keeps[:] = False
    return hidden & ~keeps


_FIRST_SYMBOL = 0x2190
_MARK_OF_BLANK = 0xFFFC
_WORD = re.compile(r"\S+")


def _join_or_part(word: re.Match[str]) -> str:
    """The word without its blanks, or the words that they part."""
    if "\ufffc" not in word[0]:
        return word[0]
    parts = [part for part in word[0].split("\ufffc") if part]
    ranks = st.text_statistics().word_rank
    joined = "".join(parts)
    if len(parts) >= _MIN_PARTED and st.word_key(joined) not in ranks and all(st.word_key(part) in ranks for part in parts):
        return " ".join(parts)
    return joined


_MIN_PARTED = 3  # words in a row: two parts of one word may be words by chance


_BIDI_INSIDE = re.compile(f"(?<=[{_PLAIN_LETTER}])[\u202a-\u202e\u2066-\u2069]+(?=[{_PLAIN_LETTER}])")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")


@decoder("bidi", Family.CHAR_INJECTION)
def _bidi(scan: Scan) -> Iterator[Found]:
    if scan.is_ascii:
        return
    overridden = dec.RLO in scan.text and not _RIGHT_TO_LEFT.search(scan.text)
    if overridden or len(_BIDI_INSIDE.findall(scan.text)) >= 2:
        yield dec.from_bidi(scan.text), 0.95


_MARK = re.compile("[\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]")
_ZALGO = re.compile("[\u0300-\u036f]")
# Lines through and under letters and frames around them: keycaps have a digit inside, and no language uses the others.
_DRAWN_OVER = re.compile("[^\\W\\d_][\u0305\u0332\u0333\u0335-\u0338\u0489\u20d2-\u20ea]")
_MIN_DRAWN_OVER = 4


@decoder("combining_marks", Family.CHAR_INJECTION)
def _combining_marks(scan: Scan) -> Iterator[Found]:
    """A language combines letters with few different marks; Zalgo draws from all, and a line through words from none."""
    if scan.is_ascii or not _MARK.search(scan.text):
        return
    text = unicodedata.normalize("NFC", scan.text)
    left = _ZALGO.findall(text)
    if (len(left) >= 3 and len(set(left)) >= 3) or len(_DRAWN_OVER.findall(text)) >= _MIN_DRAWN_OVER:
        yield _MARK.sub("", scan.text), 0.9


_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SOFT_HYPHEN = "\u00ad"
# Keycaps and signs below _FIRST_SYMBOL that are shown as text or as emoji.
_SELECTED_SYMBOL = re.compile("[0-9#*\u00a9\u00ae\u203c\u2049\u2122\u2139][\ufe0e\ufe0f]")


def unseen_places(text: str) -> list[int]:
    """The places of the characters that no reader sees, ascending, but for those that ordinary text has where they stand.

    That is: joiners and selectors beside letters and symbols that have them, the tags of flags, as many soft hyphens as typeset
    text has, marks of direction in text that runs from right to left, and control characters of misread UTF-8.
    """
    kinds = character_table().kinds.take(code_points_of(text))
    directions = [match.start() for match in _DIRECTION.finditer(text)]
    if kinds.max(initial=0) < ORDINARY_HIDDEN and not directions:
        return []
    unseen = _out_of_place(text, kinds)
    for run in _SELECTORS.finditer(text):
        unseen[run.start() : run.end()] = True
    for ordinary in (_FLAG, _SELECTED_SYMBOL, _MISREAD):
        for match in ordinary.finditer(text):
            unseen[match.start() : match.end()] = False
    if text.count(_SOFT_HYPHEN) <= _SOFT_HYPHENS * len(text):
        unseen &= code_points_of(text) != ord(_SOFT_HYPHEN)
    unseen[directions] = not _RIGHT_TO_LEFT.search(text)
    for run in _BIDI_INSIDE.finditer(text):
        unseen[run.start() : run.end()] = True
    return unseen.nonzero()[0].tolist()
