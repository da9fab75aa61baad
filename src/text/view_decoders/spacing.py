"""Unusual spacing: letters or words separated by signs, words without spaces, line breaks inside words."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

import numpy as np

from ...labels import Family
from .. import statistics as st
from ..characters import OTHER
from .registry import Decoded, Scan, decoder

_KNOWN_SHARE = 0.6  # least share of letters in words of the table for a reading to count as English

# Letters ----------------------------------------------------------------------------------------------------------------

MIN_SPACED = 5  # least letters that stand alone
_ANY_SPACE = re.compile(r"\s")
_SPACED_LINE = re.compile(r"(?<!\S)(?:[^\s] ){5,}[^\s]|(?<!\S)(?:\S (?:  )?){6,}\S")
_SIGN_TWICE = re.compile(r"([.\-_*|/])\S\1")  # a pre-check that is faster than _SEPARATED
_SEPARATED = re.compile(r"(?<!\S)(\S)([.\-_*|/])(\S)(?:\2\S)*(?!\S)")
# A letter followed by repeated (signs, letter): the signs may differ and may have spaces around them.
_SIGN = r"(?:[^\w\s]|_)"
_SIGNED_WORD = re.compile(rf"(?<![^\W_])[^\W\d_](?: ?{_SIGN}{{1,6}} ?[^\W\d_](?![^\W_])){{2,}}")
_SIGNS = re.compile(rf" ?{_SIGN}+ ?")
_MIN_SIGNED_LETTERS = 10  # least letters in words that match _SIGNED_WORD


@decoder("separators", Family.CHAR_INJECTION)
def _separators(scan: Scan) -> Iterator[Decoded]:
    """Letters separated by spaces or signs: 'i g n o r e', 'i.g.n.o.r.e', 'i~g*n', emoji between them."""
    num_alone, num_triples = _count_lone_letters(scan)
    if num_triples < MIN_SPACED - 2:
        return
    # If letters stand alone throughout, any white space counts as a separator.
    text = _ANY_SPACE.sub(" ", scan.text) if num_alone >= _WHOLE_SHARE * sum(map(str.isalpha, scan.text)) else scan.text
    num_joined = 0

    def join(match: re.Match[str]) -> str:
        nonlocal num_joined
        num_joined += len(match[0]) >= 5 and match[0][::2].isalpha()
        return match[0][::2]

    if _SPACED_LINE.search(text):
        joined = _join_spaces(text)
        if joined != text:
            yield joined, 0.9
            return
    if _SIGN_TWICE.search(text):
        joined = _SEPARATED.sub(join, text)
        if num_joined >= 3:
            yield joined, 0.9
            return
    yield from _join_signed(text)


def _count_lone_letters(scan: Scan) -> tuple[int, int]:
    """The number of letters with no letter beside them, and of runs of three of them without another letter between."""
    positions = scan.are_letters.nonzero()[0]
    if len(positions) < MIN_SPACED:
        return 0, 0
    has_gap = np.ones(len(positions) + 1, dtype=bool)
    has_gap[1:-1] = positions[1:] - positions[:-1] > 1
    is_alone = has_gap[1:] & has_gap[:-1]
    return int(np.count_nonzero(is_alone)), int(np.count_nonzero(is_alone[:-2] & is_alone[1:-1] & is_alone[2:]))


def _join_signed(text: str) -> Iterator[Decoded]:
    """Join letters separated by signs. Abbreviations, lists of options and formulas have few of them, and they spell no words."""
    signed_words = _SIGNED_WORD.findall(text)
    words = [_SIGNS.sub("", word) for word in signed_words]
    letters = sum(map(len, words))
    ranks = st.text_statistics().word_rank
    num_known = sum(len(word) for word in words if word.lower() in ranks)
    is_whole = letters >= max(_MIN_WHOLE, _WHOLE_SHARE * sum(map(str.isalpha, text)))
    if letters < _MIN_SIGNED_LETTERS or (num_known < _KNOWN_SHARE * letters and not is_whole):
        return
    # In a gap of several signs some may belong to the text, so single-sign gaps decide; without those every sign is a separator.
    gaps = [set(gap.strip()) for word in signed_words for gap in _SIGNS.findall(word)]
    signs = set().union(*(gap for gap in gaps if len(gap - _SELECTORS) == 1)) or set().union(*gaps)
    if any(_is_vowel_sign(char) for char in signs):
        return  # vowel signs belong to the letter before them
    gap = re.compile(rf"(?:(?<!\s)\s+)?(?:[{re.escape(''.join(sorted(signs)))}]\s*)+")
    # A gap between letters has at most `spaces` spaces; a gap between words has more.
    spaces = 2 if " " in signed_words[0] else 0

    def join(part: str) -> str:
        return gap.sub(lambda each: " " if _count_spaces(each[0]) > spaces else "", part)

    if is_whole:
        yield join(text), 0.9
        return
    sign = f"[{re.escape(''.join(sorted(signs)))}]"
    separated = re.compile(rf"(?<![^\W_])[^\W_](?: ?{sign}{{1,6}} ?[^\W_](?![^\W_]))+{sign}*")
    yield separated.sub(lambda word: join(word[0]), text), 0.9


def _is_vowel_sign(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Mc") and char not in _SELECTORS


_SELECTORS = frozenset("\ufe0e\ufe0f")  # at the end of emoji
# Letters in signed words, and their share of all letters, from which on the words need not be English.
_MIN_WHOLE, _WHOLE_SHARE = 20, 0.7


def _count_spaces(gap: str) -> int:
    return sum(map(str.isspace, gap))


_SPACED_RUN = re.compile(r"(?<!\S)\S(?: (?: {2})?\S(?!\S)){5,}")


def _join_spaces(text: str) -> str:
    """Join runs of single characters separated by single spaces; three spaces become one space between words."""

    def join(run: re.Match[str]) -> str:
        joined = re.sub(r" ( {2})?", lambda gap: " " if gap[1] else "", run[0])
        return joined if sum(map(str.isalpha, joined)) >= 0.75 * len(joined) else run[0]

    return _SPACED_RUN.sub(join, text)


# Words ------------------------------------------------------------------------------------------------------------------

_LONG_WORD = 16  # characters between white space; few words are as long
_GAP = re.compile(r"(?<=[^\W_])(?:[^\w\s]|_)+(?=[^\W_])")  # signs between letters or digits, no space beside them
_SEPARATED_TOKEN = re.compile(r"(?<![^\W_])[^\W_]+(?:(?:[^\w\s]|_)+[^\W_]+){3,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_ORDINARY_GAPS = frozenset("'’")
_LONE_SIGNS = frozenset("-–—|=+*/&<>•·:#")  # stand between spaces in tables, lists and formulas
_LONE_SYMBOLS = "~^$@%`\\_"  # hardly ever stand between spaces
_MIN_GAPS = 4
_LONG_SHARE = 0.4  # least share of characters in long words
_BARE_SHARE = 0.35  # least share of words without a letter
_TOKEN_SHARE = 0.6  # least share of the letters that are in tokens with separators
_GAPS_PER_TOKEN = 4  # least mean number of gaps
_SAME_GAP_SHARE = 0.6  # least share of gaps with the most frequent sign
# The same for text that need not be English: share of letters in tokens, share of one sign, number of gaps.
_WHOLE_TOKEN_SHARE, _ONE_SIGN_SHARE, _MANY_GAPS = 0.9, 0.8, 6
_ADDRESS = re.compile(r"\w://")
_SCHEME_CHARS = 24  # beginning of a text in which the scheme of an address is searched
_ADDRESS_SIGNS = "/.-_?&=%#:+"


@decoder("parted_words", Family.CHAR_INJECTION)
def _parted_words(scan: Scan) -> Iterator[Decoded]:
    """Words with signs in the place of spaces ('ignore_all+previous') or beside them (an emoji after every word).

    Identifiers, paths and addresses have such signs too, so most of the text must have them, and the parts must be words.
    """
    text = scan.text
    symbol = None if scan.is_ascii else _symbol_between_words(scan)
    if symbol is not None:
        yield re.sub(rf"\s*(?:{re.escape(symbol)}[\ufe0e\ufe0f]?\s*)+", " ", text).strip(), 0.85
        return
    if scan.longest_word >= _LONG_WORD and scan.share_in_long_words(_LONG_WORD) >= _LONG_SHARE:
        tokens = [token for token in _SEPARATED_TOKEN.findall(text) if not _ORDINARY_GAPS.issuperset(_gaps_of(token))]
        if _are_words(tokens, text):
            separated, sign = set(tokens), _most_frequent_sign(tokens)
            yield _SEPARATED_TOKEN.sub(lambda token: _part(token[0], sign) if token[0] in separated else token[0], text), 0.85
            return
    if scan.is_ascii and not any(f" {sign} " in text for sign in _LONE_SYMBOLS):
        return
    if scan.bare_words >= max(_MIN_GAPS, _BARE_SHARE * len(scan.word_spans)):
        words = scan.words
        signs = [word for word in words if not _LETTERS.search(word) and not any(map(str.isdigit, word))]
        odd = [word for word in signs if not _LONE_SIGNS.issuperset(word) and any(map(_is_symbol, word))]
        if len(odd) >= max(_MIN_GAPS, _BARE_SHARE * len(words)) and _known_share(" ".join(words)) >= _KNOWN_SHARE:
            yield " ".join(word for word in words if word not in signs), 0.85


def _symbol_between_words(scan: Scan) -> str | None:
    """The symbol in most gaps between words, in any language; ordinary text has symbols after sentences or lines only."""
    code_points = scan.code_points[(scan.code_points >= _FIRST_SYMBOL) & (scan.kinds == OTHER)]
    if len(code_points) < _MIN_GAPS:
        return None
    values, counts = np.unique(code_points, return_counts=True)
    symbol = chr(int(values[counts.argmax()]))
    if unicodedata.category(symbol) not in ("So", "Sm") or "\u2500" <= symbol <= "\u259f":
        return None  # U+2500 to U+259F draw frames and bars of tables
    words = scan.text.replace(symbol, " ").split()
    gaps = len(re.findall(rf"{re.escape(symbol)}+", scan.text))
    return symbol if gaps >= max(_MIN_GAPS - 1, _SYMBOL_SHARE * (len(words) - 1)) else None


_FIRST_SYMBOL = 0x2190  # arrows, shapes, emoji
_SYMBOL_SHARE = 0.6  # least share of the gaps between words that have the symbol


def _gaps_of(token: str) -> set[str]:
    return set(_GAP.findall(token))


def _most_frequent_sign(tokens: list[str]) -> str:
    return Counter(sign for token in tokens for gap in _GAP.findall(token) for sign in set(gap)).most_common(1)[0][0]


def _part(token: str, sign: str) -> str:
    """Spaces in place of the sign, or of a whole gap without it: the other signs are punctuation that stood beside a space."""
    return _GAP.sub(lambda gap: gap[0].replace(sign, " ") if sign in gap[0] else " ", token)


def _is_symbol(char: str) -> bool:
    return char in _LONE_SYMBOLS or ord(char) >= 0x80


def _are_words(tokens: list[str], text: str) -> bool:
    """Whether tokens are most of a text and are words separated mostly by one sign, as identifiers and paths seldom are."""
    letters = sum(map(str.isalpha, text))
    num_inside = sum(sum(map(str.isalpha, token)) for token in tokens)
    if not tokens or num_inside < _TOKEN_SHARE * letters:
        return False
    gaps = [gap for token in tokens for gap in _GAP.findall(token)]
    sign, count = Counter(char for gap in gaps for char in set(gap)).most_common(1)[0]
    if sign in _ADDRESS_SIGNS and _ADDRESS.search(text):
        return False
    if len(gaps) < _GAPS_PER_TOKEN * len(tokens) or count < _SAME_GAP_SHARE * len(gaps):
        return False
    parts = [part for token in tokens for part in _GAP.split(token)]
    if _known_share(" ".join(parts)) >= _KNOWN_SHARE:
        return True
    # A text without any space is a sentence of any language, or a long name. Punctuation of scripts without spaces is no gap.
    is_whole = num_inside >= _WHOLE_TOKEN_SHARE * sum(map(len, parts)) and len(text.split()) == 1
    return is_whole and len(gaps) >= _MANY_GAPS and sign.isascii() and count >= _ONE_SIGN_SHARE * len(gaps)


def _known_share(text: str) -> float:
    """Share of the letters of a text that are in English words of two letters or more."""
    ranks = st.text_statistics().word_rank
    words = _LETTERS.findall(text.lower())
    num_known = sum(len(word) for word in words if len(word) > 1 and word in ranks)
    return num_known / max(1, sum(map(len, words)))


# No gaps ----------------------------------------------------------------------------------------------------------------

_MIN_RUN = 18  # least letters in a row
_RUN = re.compile(rf"[A-Za-z'’]{{{_MIN_RUN},}}")
_SHORT_RUN = re.compile(r"[A-Za-z'’]{4,}")
_DENSE_SHARE = 0.85  # share of characters in words of at least _MIN_RUN from which a text counts as dense
_MIN_LONGEST_RUN = 12  # least letters of the longest run
_WORDS_PER_RUN = 2.0  # least mean number of words
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[A-Z][a-z])")
_RUN_SHARE = 0.5  # least share of the letters that are in runs
_MAX_LETTERS = 2000  # letters that are segmented into words; each costs up to _MAX_WORD look-ups
_MAX_WORD = 16  # letters
_PREFIX_LETTERS = 64  # letters of a run that decide whether it is English
_MAX_COST = 2.6  # nats per letter; segmented English is below, identifiers and other languages are above
_MAX_RUN_COST = 3.5  # the same for a run of a text whose longest run is English
_UNKNOWN_COST = 12.0  # nats per letter that belongs to no word
_MIN_WORDS, _MIN_LETTERS = 5, 24  # least words and letters of all runs together; identifiers are shorter
_MIN_MEAN_WORD = 2.6  # least mean letters per word; any letters can be segmented into shorter words


@decoder("joined_words", Family.CHAR_INJECTION)
def _joined_words(scan: Scan) -> Iterator[Decoded]:
    """English without gaps between words, or with capitals in their place. Identifiers are only a part of a text."""
    if scan.longest_word < _MIN_RUN or scan.share_in_long_words(_MIN_RUN) < _LONG_SHARE:
        return
    text = scan.text
    # In a text with hardly any gaps, punctuation and digits split the words into shorter runs.
    is_dense = scan.share_in_long_words(_MIN_RUN) >= _DENSE_SHARE and not _ADDRESS.search(text[:_SCHEME_CHARS])
    pattern = _SHORT_RUN if is_dense else _RUN
    runs = pattern.findall(text)
    total = sum(map(len, runs))
    if not runs or total < max(_MIN_LETTERS, _RUN_SHARE * sum(map(str.isalpha, text))):
        return
    longest = max(runs, key=len)
    if len(longest) < _MIN_LONGEST_RUN or not _begins_with_words(longest[:_PREFIX_LETTERS].lower()):
        return
    budget = _MAX_LETTERS
    all_words: list[str] = []

    def split(run: re.Match[str]) -> str:
        nonlocal budget
        budget -= len(run[0])
        if budget < 0:
            return run[0]
        words = _segment_run(run[0])
        all_words.extend(words)
        return " ".join(words)

    spaced = pattern.sub(split, text)
    if len(all_words) >= max(_MIN_WORDS, _WORDS_PER_RUN * len(runs)) and _known_share(" ".join(all_words)) >= _KNOWN_SHARE:
        yield re.sub(r"(?<=\w)([.,;:!?])(?=\w)", r"\1 ", spaced), 0.85


def _segment_run(run: str) -> list[str]:
    """The words of a run in their own case: of the parts that begin with a capital, or of all of it where a part has none."""
    pieces = [_words_of(piece.lower()) for piece in _CAMEL.split(run)]
    is_camel = len(pieces) > 1 and None not in pieces
    return [word for piece in _CAMEL.split(run) for word in _segment(piece)] if is_camel else _segment(run)


def _segment(piece: str) -> list[str]:
    """The words of letters in their own case; the letters themselves where they are not English."""
    parts, start = [], 0
    for word in _words_of(piece.lower()) or [piece]:
        parts.append(piece[start : start + len(word)])
        start += len(word)
    return parts


@cache
def _word_costs() -> dict[str, float]:
    """Negative log probability of each English word by Zipf's law; the only words of one letter are 'a' and 'i'."""
    ranks = st.text_statistics().word_rank
    normaliser = math.log(len(ranks) * math.log(len(ranks)))
    costs = {word: math.log(rank + 20) + math.log(normaliser) for word, rank in ranks.items() if 1 < len(word) <= _MAX_WORD}
    # Two-letter entries of the vocabulary are abbreviations more often than words.
    costs = {word: cost if len(word) > 2 or word in _SHORT_WORDS else cost + 4.0 for word, cost in costs.items()}
    return costs | {"a": 7.0, "i": 7.0}


_SHORT_WORDS = frozenset(re.findall("..", "amanasatbebydogoheifinisitmemynoofonorsotoupuswe"))


def _best_cuts(run: str) -> tuple[list[float], list[int]]:
    """For every prefix of the run: the cost of its most likely words (Viterbi over unigrams), and the start of the last word."""
    costs = _word_costs()
    best, cut = [0.0], [0]
    for end in range(1, len(run) + 1):
        choice, start = best[end - 1] + _UNKNOWN_COST, end - 1
        for begin in range(max(0, end - _MAX_WORD), end):
            cost = costs.get(run[begin:end])
            if cost is not None and best[begin] + cost < choice:
                choice, start = best[begin] + cost, begin
        best.append(choice)
        cut.append(start)
    return best, cut


def _begins_with_words(run: str) -> bool:
    """Whether a run is English; it may end inside a word."""
    best, _ = _best_cuts(run)
    return min(cost / length for length, cost in enumerate(best) if length >= max(1, len(run) - _MAX_WORD)) <= _MAX_COST


def _words_of(run: str) -> list[str] | None:
    """The most likely words of a run of letters; None where it is not English."""
    best, cut = _best_cuts(run)
    if best[-1] > _MAX_RUN_COST * len(run):
        return None
    words = []
    end = len(run)
    while end:
        words.append(run[cut[end] : end])
        end = cut[end]
    return words[::-1] if len(run) >= _MIN_MEAN_WORD * len(words) else None


# Line breaks ------------------------------------------------------------------------------------------------------------

_BEFORE_BREAK = re.compile(r"([^\W\d_]+)(-?)[ \t]*\r?\Z")
_AFTER_BREAK = re.compile(r"[ \t]*([^\W\d_]+)")
_MAX_PART_CHARS = 24  # characters before a line break that are searched for the first part of a word
_MIN_BROKEN = 2  # least broken words
_BROKEN_SHARE = 0.25  # least share of line breaks between letters that are inside words
_MOSTLY_BROKEN = 0.5  # share of line breaks inside words from which the others count as inside words too
_HYPHENATED_SHARE = 0.06  # least hyphenated breaks per word; typeset text has fewer
_MANY_HYPHENATED = 0.12  # hyphenated breaks per word that suffice in any language


@decoder("broken_words", Family.CHAR_INJECTION)
def _broken_words(scan: Scan) -> Iterator[Decoded]:
    """Line breaks inside words, with or without a hyphen: both sides together are a more frequent word than the rarer side."""
    text = scan.text
    if text.count("\n") < _MIN_BROKEN:
        return
    ranks = st.text_statistics().word_rank
    unranked = len(ranks)
    breaks = list(_find_breaks(text))
    is_broken = [
        ranks.get((left + right).lower(), unranked) < max(ranks.get(left.lower(), unranked), ranks.get(right.lower(), unranked))
        for left, _, right, _, _ in breaks
    ]
    has_hyphen = [hyphen for _, hyphen, _, _, _ in breaks]
    num_broken = sum(is_broken)
    num_plain = num_broken - sum(map(bool.__and__, is_broken, has_hyphen))
    is_hyphenated = sum(has_hyphen) >= max(_MIN_BROKEN + 1, _MANY_HYPHENATED * len(scan.words))
    is_enough = num_plain >= _MIN_BROKEN or num_broken - num_plain >= max(_MIN_BROKEN, _HYPHENATED_SHARE * len(scan.words))
    if not is_hyphenated and (not is_enough or num_broken < _BROKEN_SHARE * len(breaks)):
        return
    joins_all = num_broken >= max(_MIN_BROKEN + 1, _MOSTLY_BROKEN * len(breaks))
    pieces, end = [], 0
    for (left, hyphen, right, start, stop), is_inside in zip(breaks, is_broken, strict=True):
        are_words = left.lower() in ranks and right.lower() in ranks
        if is_inside or (is_hyphenated and hyphen) or (joins_all and not are_words):
            pieces.append(text[end:start])
            end = stop
    yield "".join([*pieces, text[end:]]), 0.85


def _find_breaks(text: str) -> Iterator[tuple[str, bool, str, int, int]]:
    """Line breaks between letters: letters before, whether a hyphen follows them, letters after, and the range between."""
    place = text.find("\n")
    while place >= 0:
        after = _AFTER_BREAK.match(text, place + 1)
        if after is not None:
            offset = max(0, place - _MAX_PART_CHARS)
            before = _BEFORE_BREAK.search(text[offset:place])
            if before is not None:
                yield before[1], bool(before[2]), after[1], offset + before.end(1), after.start(1)
        place = text.find("\n", place + 1)
