"""Letters and words parted otherwise than by single spaces: by signs, by nothing, by line breaks inside words."""

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
from .registry import Found, Scan, decoder

_KNOWN_SHARE = 0.6  # of the letters are in words of the table: then what a reading gives is English

# Letters ----------------------------------------------------------------------------------------------------------------

MIN_SPACED = 5  # letters that stand alone
_ANY_SPACE = re.compile(r"\s")
_SPACED_LINE = re.compile(r"(?<!\S)(?:[^\s] ){5,}[^\s]|(?<!\S)(?:\S (?:  )?){6,}\S")
_SIGN_TWICE = re.compile(r"([.\-_*|/])\S\1")  # sooner found than the following
_SEPARATED = re.compile(r"(?<!\S)(\S)([.\-_*|/])(\S)(?:\2\S)*(?!\S)")
# A letter, then four or more times signs and a letter: any signs, not the same ones, spaces between them or not.
_SIGN = r"(?:[^\w\s]|_)"
_SIGNED_WORD = re.compile(rf"(?<![^\W_])[^\W\d_](?: ?{_SIGN}{{1,6}} ?[^\W\d_](?![^\W_])){{2,}}")
_SIGNS = re.compile(rf" ?{_SIGN}+ ?")
_MIN_SIGNED = 10  # letters in such words


@decoder("separators", Family.CHAR_INJECTION)
def _separators(scan: Scan) -> Iterator[Found]:
    """Letters parted by spaces or signs: 'i g n o r e', 'i.g.n.o.r.e', 'i~g*n', emoji between them."""
    alone, in_a_row = _letters_alone(scan)
    if in_a_row < MIN_SPACED - 2:
        return
    # Where letters stand alone throughout, any white space parts them.
    text = _ANY_SPACE.sub(" ", scan.text) if alone >= _WHOLE_SHARE * sum(map(str.isalpha, scan.text)) else scan.text
    changed = 0

    def join(match: re.Match[str]) -> str:
        nonlocal changed
        changed += len(match[0]) >= 5 and match[0][::2].isalpha()
        return match[0][::2]

    if _SPACED_LINE.search(text):
        joined = _join_spaces(text)
        if joined != text:
            yield joined, 0.9
            return
    if _SIGN_TWICE.search(text):
        joined = _SEPARATED.sub(join, text)
        if changed >= 3:
            yield joined, 0.9
            return
    yield from _join_signed(text)


def _letters_alone(scan: Scan) -> tuple[int, int]:
    """Letters with no letter beside them, and how often three of them follow each other with no other letter between."""
    places = scan.are_letters.nonzero()[0]
    if len(places) < MIN_SPACED:
        return 0, 0
    apart = np.ones(len(places) + 1, dtype=bool)
    apart[1:-1] = places[1:] - places[:-1] > 1
    alone = apart[1:] & apart[:-1]
    return int(np.count_nonzero(alone)), int(np.count_nonzero(alone[:-2] & alone[1:-1] & alone[2:]))


def _join_signed(text: str) -> Iterator[Found]:
    """Abbreviations, lists of options and formulas have such words too, but few, and their letters make no words."""
    found = _SIGNED_WORD.findall(text)
    words = [_SIGNS.sub("", word) for word in found]
    letters = sum(map(len, words))
    ranks = st.text_statistics().word_rank
    known = sum(len(word) for word in words if word.lower() in ranks)
    is_whole = letters >= max(_MIN_WHOLE, _WHOLE_SHARE * sum(map(str.isalpha, text)))
    if letters < _MIN_SIGNED or (known < _KNOWN_SHARE * letters and not is_whole):
        return
    # Of a gap of several signs some may be the text's own; where there are no others, all of them part the letters.
    gaps = [set(gap.strip()) for word in found for gap in _SIGNS.findall(word)]
    signs = set().union(*(gap for gap in gaps if len(gap - _SELECTORS) == 1)) or set().union(*gaps)
    if any(_is_vowel_sign(char) for char in signs):
        return  # they belong to the letter before them
    gap = re.compile(rf"(?:(?<!\s)\s+)?(?:[{re.escape(''.join(sorted(signs)))}]\s*)+")
    # Without its signs the gap between two letters is empty, or has the spaces on both sides; that between words has more.
    spaces = 2 if " " in found[0] else 0

    def join(part: str) -> str:
        return gap.sub(lambda each: " " if _count_spaces(each[0]) > spaces else "", part)

    if is_whole:
        yield join(text), 0.9
        return
    sign = f"[{re.escape(''.join(sorted(signs)))}]"
    parted = re.compile(rf"(?<![^\W_])[^\W_](?: ?{sign}{{1,6}} ?[^\W_](?![^\W_]))+{sign}*")
    yield parted.sub(lambda word: join(word[0]), text), 0.9


def _is_vowel_sign(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Mc") and char not in _SELECTORS


_SELECTORS = frozenset("\ufe0e\ufe0f")  # that emoji end in
_MIN_WHOLE, _WHOLE_SHARE = 20, 0.7  # letters in such words, and of all letters: then they need not be English words


def _count_spaces(gap: str) -> int:
    return sum(map(str.isspace, gap))


_SPACED_RUN = re.compile(r"(?<!\S)\S(?: (?: {2})?\S(?!\S)){5,}")


def _join_spaces(text: str) -> str:
    """Runs of single characters parted by single spaces; three spaces stand for one between words."""

    def join(run: re.Match[str]) -> str:
        joined = re.sub(r" ( {2})?", lambda gap: " " if gap[1] else "", run[0])
        return joined if sum(map(str.isalpha, joined)) >= 0.75 * len(joined) else run[0]

    return _SPACED_RUN.sub(join, text)


# Words ------------------------------------------------------------------------------------------------------------------

_LONG_WORD = 16  # characters between white space: longer words than most
_GAP = re.compile(r"(?<=[^\W_])(?:[^\w\s]|_)+(?=[^\W_])")  # signs between letters or digits, no space beside them
_PARTED_TOKEN = re.compile(r"(?<![^\W_])[^\W_]+(?:(?:[^\w\s]|_)+[^\W_]+){3,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_ORDINARY_GAPS = frozenset("'’")
_LONE_SIGNS = frozenset("-–—|=+*/&<>•·:#")  # stand between spaces in tables, lists and formulas
_LONE_SYMBOLS = "~^$@%`\\_"  # hardly ever do
_MIN_GAPS = 4
_LONG_SHARE = 0.4  # of the characters are in long words
_BARE_SHARE = 0.35  # of the words have no letter
_PARTED_SHARE = 0.6  # of the letters of a text are in words that are parted so
_GAPS_A_TOKEN = 4  # on average
_SAME_GAP = 0.6  # of the gaps have the most frequent sign; what an attacker draws from many is told by its emoji
_ALL_PARTED, _ONE_SIGN, _MANY_GAPS = 0.9, 0.8, 6
_ADDRESS = re.compile(r"\w://")
_SCHEME = 24  # characters in which an address that is all of a text names its scheme
_ADDRESS_SIGNS = "/.-_?&=%#:+"


@decoder("parted_words", Family.CHAR_INJECTION)
def _parted_words(scan: Scan) -> Iterator[Found]:
    """Words with signs in the place of spaces ('ignore_all+previous') or beside them (an emoji after every word).

    Names in programs, paths and addresses are parted so, too: the text must be parted so for the most part, and in words.
    """
    text = scan.text
    symbol = None if scan.is_ascii else _symbol_between_words(scan)
    if symbol is not None:
        yield re.sub(rf"\s*(?:{re.escape(symbol)}[\ufe0e\ufe0f]?\s*)+", " ", text).strip(), 0.85
        return
    if scan.longest_word >= _LONG_WORD and scan.share_in_long_words(_LONG_WORD) >= _LONG_SHARE:
        tokens = [token for token in _PARTED_TOKEN.findall(text) if not _ORDINARY_GAPS.issuperset(_gaps_of(token))]
        if _are_words(tokens, text):
            chosen = set(tokens)
            yield _PARTED_TOKEN.sub(lambda token: _GAP.sub(" ", token[0]) if token[0] in chosen else token[0], text), 0.85
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
    """The symbol that stands in most gaps between words, in any language; ordinary text has one after a sentence or a line."""
    code_points = scan.code_points[(scan.code_points >= _FIRST_SYMBOL) & (scan.kinds == OTHER)]
    if len(code_points) < _MIN_GAPS:
        return None
    values, counts = np.unique(code_points, return_counts=True)
    symbol = chr(int(values[counts.argmax()]))
    if unicodedata.category(symbol) not in ("So", "Sm") or "\u2500" <= symbol <= "\u259f":
        return None  # frames and bars of tables are drawn with the latter
    words = scan.text.replace(symbol, " ").split()
    gaps = len(re.findall(rf"{re.escape(symbol)}+", scan.text))
    return symbol if gaps >= max(_MIN_GAPS - 1, _SYMBOL_SHARE * (len(words) - 1)) else None


_FIRST_SYMBOL = 0x2190  # arrows, shapes, emoji
_SYMBOL_SHARE = 0.6  # of the gaps between words


def _gaps_of(token: str) -> set[str]:
    return set(_GAP.findall(token))


def _is_symbol(char: str) -> bool:
    return char in _LONE_SYMBOLS or ord(char) >= 0x80


def _are_words(tokens: list[str], text: str) -> bool:
    """Whether tokens are most of a text, and words parted by one sign for the most part, as names and paths seldom are."""
    letters = sum(map(str.isalpha, text))
    inside = sum(sum(map(str.isalpha, token)) for token in tokens)
    if not tokens or inside < _PARTED_SHARE * letters:
        return False
    gaps = [gap for token in tokens for gap in _GAP.findall(token)]
    sign, count = Counter(char for gap in gaps for char in set(gap)).most_common(1)[0]
    if sign in _ADDRESS_SIGNS and _ADDRESS.search(text):
        return False
    if len(gaps) < _GAPS_A_TOKEN * len(tokens) or count < _SAME_GAP * len(gaps):
        return False
    parts = [part for token in tokens for part in _GAP.split(token)]
    if _known_share(" ".join(parts)) >= _KNOWN_SHARE:
        return True
    # No space at all: a sentence of any language, or a long name. Punctuation of scripts without spaces is no gap.
    is_whole = inside >= _ALL_PARTED * sum(map(len, parts)) and len(text.split()) == 1
    return is_whole and len(gaps) >= _MANY_GAPS and sign.isascii() and count >= _ONE_SIGN * len(gaps)


def _known_share(text: str) -> float:
    """Of the letters of a text those that are in English words of two letters or more."""
    ranks = st.text_statistics().word_rank
    words = _LETTERS.findall(text.lower())
    known = sum(len(word) for word in words if len(word) > 1 and word in ranks)
    return known / max(1, sum(map(len, words)))


# No gaps ----------------------------------------------------------------------------------------------------------------

_MIN_RUN = 18  # letters in a row
_RUN = re.compile(rf"[A-Za-z'’]{{{_MIN_RUN},}}")
_SHORT_RUN = re.compile(r"[A-Za-z'’]{4,}")
_DENSE_SHARE = 0.85  # of the characters are in words of at least _MIN_RUN
_MIN_LONGEST = 12  # letters of the longest run
_WORDS_A_RUN = 2.0  # on average
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[A-Z][a-z])")
_RUN_SHARE = 0.5  # of the letters of a text stand in such runs
_MAX_LETTERS = 2000  # cut into words; the cost is that of the longest word a letter
_LONGEST = 16
_TRIED = 64  # letters of a run that tell whether it is words
_COST = 2.6  # nats a letter: English cut into its words is below, names of things and other languages above
_UNKNOWN = 12.0  # nats of a letter that belongs to no word
_MIN_WORDS, _MIN_TOTAL = 5, 24  # words, and letters, of all runs together: names in programs are shorter
_MEAN_WORD = 2.6  # letters: shorter words can be cut out of anything


@decoder("joined_words", Family.CHAR_INJECTION)
def _joined_words(scan: Scan) -> Iterator[Found]:
    """English without gaps between its words, or with capitals in their place. Names in programs are a part of a text."""
    if scan.longest_word < _MIN_RUN or scan.share_in_long_words(_MIN_RUN) < _LONG_SHARE:
        return
    text = scan.text
    # Of a text that has hardly any gap, marks and digits cut the words into shorter runs.
    is_dense = scan.share_in_long_words(_MIN_RUN) >= _DENSE_SHARE and not _ADDRESS.search(text[:_SCHEME])
    pattern = _SHORT_RUN if is_dense else _RUN
    runs = pattern.findall(text)
    total = sum(map(len, runs))
    if not runs or total < max(_MIN_TOTAL, _RUN_SHARE * sum(map(str.isalpha, text))):
        return
    longest = max(runs, key=len)
    if len(longest) < _MIN_LONGEST or not _begins_with_words(longest[:_TRIED].lower()):
        return
    budget = _MAX_LETTERS
    found: list[str] = []

    def part(run: re.Match[str]) -> str:
        nonlocal budget
        budget -= len(run[0])
        if budget < 0:
            return run[0]
        words = [word for piece in _CAMEL.split(run[0]) for word in _cut(piece)]
        found.extend(words)
        return " ".join(words)

    parted = pattern.sub(part, text)
    if len(found) >= max(_MIN_WORDS, _WORDS_A_RUN * len(runs)) and _known_share(" ".join(found)) >= _KNOWN_SHARE:
        yield re.sub(r"(?<=\w)([.,;:!?])(?=\w)", r"\1 ", parted), 0.85


def _cut(piece: str) -> list[str]:
    """The words of a run in their own case; the run where it is not English."""
    parts, place = [], 0
    for word in _words_of(piece.lower()) or [piece]:
        parts.append(piece[place : place + len(word)])
        place += len(word)
    return parts


@cache
def _word_costs() -> dict[str, float]:
    """Negative log probability of each English word by Zipf's law; of single letters only 'a' and 'i' are words."""
    ranks = st.text_statistics().word_rank
    whole = math.log(len(ranks) * math.log(len(ranks)))
    costs = {word: math.log(rank + 20) + math.log(whole) for word, rank in ranks.items() if 1 < len(word) <= _LONGEST}
    # Two letters of the vocabulary are abbreviations more often than words.
    costs = {word: cost if len(word) > 2 or word in _SHORT_WORDS else cost + 4.0 for word, cost in costs.items()}
    return costs | {"a": 7.0, "i": 7.0}


_SHORT_WORDS = frozenset(re.findall("..", "amanasatbebydogoheifinisitmemynoofonorsotoupuswe"))


def _best_cuts(run: str) -> tuple[list[float], list[int]]:
    """For every length of the run from 0 on: the cost of its most likely words (Viterbi, unigrams), where the last begins."""
    costs = _word_costs()
    best, cut = [0.0], [0]
    for end in range(1, len(run) + 1):
        choice, start = best[end - 1] + _UNKNOWN, end - 1
        for begin in range(max(0, end - _LONGEST), end):
            cost = costs.get(run[begin:end])
            if cost is not None and best[begin] + cost < choice:
                choice, start = best[begin] + cost, begin
        best.append(choice)
        cut.append(start)
    return best, cut


def _begins_with_words(run: str) -> bool:
    """Whether a run, which may be cut inside a word, is English up to that."""
    best, _ = _best_cuts(run)
    return min(cost / length for length, cost in enumerate(best) if length >= max(1, len(run) - _LONGEST)) <= _COST


def _words_of(run: str) -> list[str] | None:
    """The most likely words of a run of letters; None where it is not English."""
    best, cut = _best_cuts(run)
    if best[-1] > _COST * len(run):
        return None
    words = []
    end = len(run)
    while end:
        words.append(run[cut[end] : end])
        end = cut[end]
    return words[::-1] if len(run) >= _MEAN_WORD * len(words) else None


# Line breaks ------------------------------------------------------------------------------------------------------------

_BEFORE_BREAK = re.compile(r"([^\W\d_]+)(-?)[ \t]*\r?\Z")
_AFTER_BREAK = re.compile(r"[ \t]*([^\W\d_]+)")
_LONGEST_PART = 24  # characters before a line break in which the part of a word is looked for
_MIN_BROKEN = 2
_BROKEN_SHARE = 0.25  # of the line breaks between letters
_MOSTLY_BROKEN = 0.5  # of them: then the others are inside words, too
_HYPHENATED = 0.06  # of the words: typeset text breaks fewer at the ends of its lines
_MANY_HYPHENATED = 0.12  # of the words of any language


@decoder("broken_words", Family.CHAR_INJECTION)
def _broken_words(scan: Scan) -> Iterator[Found]:
    """Line breaks inside words, with a hyphen or without one: both sides together are a more frequent word than the rarer."""
    text = scan.text
    if text.count("\n") < _MIN_BROKEN:
        return
    ranks = st.text_statistics().word_rank
    none = len(ranks)
    breaks = list(_breaks_between_letters(text))
    mended = [
        ranks.get((left + right).lower(), none) < max(ranks.get(left.lower(), none), ranks.get(right.lower(), none))
        for left, _, right, _, _ in breaks
    ]
    hyphens = [hyphen for _, hyphen, _, _, _ in breaks]
    plain = sum(mended) - sum(map(bool.__and__, mended, hyphens))
    is_hyphenated = sum(hyphens) >= max(_MIN_BROKEN + 1, _MANY_HYPHENATED * len(scan.words))
    enough = plain >= _MIN_BROKEN or sum(mended) - plain >= max(_MIN_BROKEN, _HYPHENATED * len(scan.words))
    if not is_hyphenated and (not enough or sum(mended) < _BROKEN_SHARE * len(breaks)):
        return
    joins_all = sum(mended) >= max(_MIN_BROKEN + 1, _MOSTLY_BROKEN * len(breaks))
    pieces, end = [], 0
    for (left, hyphen, right, start, stop), is_mended in zip(breaks, mended, strict=True):
        are_words = left.lower() in ranks and right.lower() in ranks
        if is_mended or (is_hyphenated and hyphen) or (joins_all and not are_words):
            pieces.append(text[end:start])
            end = stop
    yield "".join([*pieces, text[end:]]), 0.85


def _breaks_between_letters(text: str) -> Iterator[tuple[str, bool, str, int, int]]:
    """The letters before and after each line break that has some on both sides, whether a hyphen stands between, and the
    range of what parts them."""
    place = text.find("\n")
    while place >= 0:
        after = _AFTER_BREAK.match(text, place + 1)
        if after is not None:
            from_place = max(0, place - _LONGEST_PART)
            before = _BEFORE_BREAK.search(text[from_place:place])
            if before is not None:
                yield before[1], bool(before[2]), after[1], from_place + before.end(1), after.start(1)
        place = text.find("\n", place + 1)
