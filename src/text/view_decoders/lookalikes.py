"""Letters that look like others, and turned letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from ...labels import Family
from .. import decoders as dec
from .. import statistics as st
from ..characters import PLAIN_LETTER, character_table
from .registry import Found, Scan, decoder

_LATIN_LETTER = re.compile("[A-Za-z]")
MIN_KNOWN = 3  # letters of a word that is known well enough to say something
_STYLES_OF_TEXT = ("FULLWIDTH", "MATHEMATICAL", "SQUARED", "NEGATIVE", "CIRCLED", "PARENTHESIZED")  # raised ones are footnotes
_RUN = 4  # styled letters in a row, of at least two kinds, that are no list number, footnote or symbol
_ENOUGH = 2  # evidence that letters stand for others
_FIRST_FOREIGN = "\u0250"  # below are the Latin letters of living languages
_TURKIC = "ğĞşŞəƏİ"  # letters of languages that write ı and have it inside words
_MIN_LATIN = 5  # letters of an English word with such letters in it that is not a word of theirs
_GENUINE = 0.3  # of the different letters of other scripts: so many that look like no Latin letter are a language
_FULLWIDTH = re.compile("[\uff01-\uff5e]")
_FULLWIDTH_SMALL = re.compile("[\uff41-\uff5a]")  # East Asian text has abbreviations in full-width capitals, hardly words
_EAST_ASIAN = re.compile("[\u3001-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # text in which full-width letters are ordinary
_INDICATOR = re.compile("[\U0001f1e6-\U0001f1ff]+")


_LETTERS = re.compile(r"[^\W\d_]+")


@cache
def _letters_and_symbols() -> re.Pattern[str]:
    """A word of letters and of symbols that look like letters."""
    symbols = "".join(map(re.escape, sorted(char for char in character_table().characters if not _LETTERS.match(char))))
    return re.compile(f"(?:[^\\W\\d_]|[{symbols}])+")


@decoder("confusables", Family.HOMOGLYPH)
def _confusables(scan: Scan) -> Iterator[Found]:
    """Letters that pass for Latin ones: those of UTS 39, and Latin letters in another style (mathematical, full-width,
    circled, squared, parenthesised, raised, small capitals, regional indicators).

    Each word is judged by what becomes of it when its letters are replaced; a text, by its words. Words of a language in
    another script, units, formulas, list numbers, flags and phonetic spelling are no evidence.
    """
    words = _words_to_mend(scan)
    if words is None:
        return
    text = words.pattern.sub(lambda match: words.mend(match[0]), scan.text)
    if words.has_fullwidth:
        text = _FULLWIDTH.sub(lambda char: chr(ord(char[0]) - 0xFEE0), text)
    if text != scan.text:
        yield text, 0.9


def lookalike_places(text: str) -> list[int]:
    """The places of the letters that pass for Latin ones, ascending, by the same evidence as `confusables`: none in ordinary
    text of any language."""
    words = _words_to_mend(Scan(text))
    if words is None:
        return []
    table = character_table().lookalikes
    places = {match.start() for match in _FULLWIDTH.finditer(text)} if words.has_fullwidth else set()
    for match in words.pattern.finditer(text):
        plain = words.mend(match[0])
        if plain != match[0]:
            places |= {match.start() + place for place, char in enumerate(match[0]) if ord(char) in table and char not in plain}
    return sorted(places)


class _WordsToMend(NamedTuple):
    """What the words of a text become when their look-alikes are replaced."""

    pattern: re.Pattern[str]  # of a word
    mend: Callable[[str], str]
    has_fullwidth: bool  # full-width forms of ASCII stand for ASCII


def _words_to_mend(scan: Scan) -> _WordsToMend | None:
    """None: the text is not evidence enough that letters stand for others."""
    if scan.is_ascii:
        return None
    distinct = set(scan.text)
    table = character_table()
    alike = distinct & table.characters
    is_fullwidth = _has_foreign_fullwidth(scan.text)
    if not alike and not is_fullwidth:
        return None
    is_language = _is_language(distinct)
    has_latin = any("A" <= char <= "z" for char in distinct)
    if is_language and not has_latin and alike.isdisjoint(table.styled) and not is_fullwidth:
        return None
    word = _LETTERS if all(map(str.isalpha, alike)) else _letters_and_symbols()
    evidence = _ENOUGH * is_fullwidth + _evidence_of_flags(scan.text)
    mended: dict[str, str] = {}
    for found in dict.fromkeys(word.findall(scan.text)):
        if found.isascii():
            continue
        weight, plain = _mend(found, is_language)
        evidence += weight
        if plain is not None:
            mended[found] = plain
    if evidence < _ENOUGH:
        return None
    # What looks like letters is letters, also in words that say nothing by themselves; of a language only what is styled.
    is_turkic = not distinct.isdisjoint(_TURKIC)

    def mend(found: str) -> str:
        return mended.get(found) or (_styles_replaced(found) if is_language else _all_replaced(found, is_turkic))

    return _WordsToMend(word, mend, is_fullwidth)


def _is_language(distinct: set[str]) -> bool:
    """Whether the letters of other alphabets are those of a language: many of the different ones look like no Latin letter."""
    table = character_table()
    foreign = [char for char in distinct if not _is_latin(char) and table.kinds[ord(char)] == PLAIN_LETTER]
    foreign = [char for char in foreign if char not in table.styled]
    unlike = sum(ord(char) not in table.lookalikes for char in foreign)
    return unlike > _GENUINE * len(foreign)


def _is_latin(char: str) -> bool:
    return char < _FIRST_FOREIGN or "\u1e00" <= char <= "\u1eff"


def _all_replaced(word: str, is_turkic: bool) -> str:
    """The word in Latin letters; only its styles replaced where some letter, which looks like none, would be left. The letters
    of Turkic languages stay in a text that has others of theirs."""
    table = character_table().lookalikes
    plain = "".join(char if is_turkic and char < _FIRST_FOREIGN else table.get(ord(char), char) for char in word)
    return plain if all(map(_is_latin, plain)) else _styles_replaced(word)


def _styles_replaced(word: str) -> str:
    return word.translate(character_table().styled_letters)


def _mend(word: str, is_language: bool) -> tuple[int, str | None]:
    """What a word's letters are evidence of, and the word with its look-alikes replaced; None: it is better as it is."""
    table = character_table()
    alike = [char for char in word if ord(char) in table.lookalikes]
    if not alike:
        return 0, None
    plain = _best_reading(word)
    known = len(plain) >= MIN_KNOWN and plain.lower() in st.text_statistics().word_rank
    styled = sum(char in table.styled for char in alike)
    if styled == len(alike):
        return _mend_styled(word, plain, known)
    if all(char < _FIRST_FOREIGN for char in alike):  # Turkish has the letter i without a dot
        return (1, plain) if known and len(plain) >= _MIN_LATIN else (0, None)
    latin = len(_LATIN_LETTER.findall(word))
    unlike = len(word) - latin - len(alike)
    if latin + styled:  # letters of two alphabets in a word
        if known:
            return _ENOUGH, plain
        if unlike and not all(map(_is_latin, _without(word, alike))):
            return 0, None
        is_unit = len(word) <= MIN_KNOWN or all("\u0370" <= char <= "\u03ff" for char in alike)
        return (1 if is_unit and len(word) > MIN_KNOWN else 0 if is_unit else _ENOUGH), plain
    if known and unlike == 0 and not is_language:
        return 1, plain
    return 0, None


def _without(word: str, chars: list[str]) -> str:
    return word.translate(dict.fromkeys(map(ord, chars)))


def _mend_styled(word: str, plain: str, known: bool) -> tuple[int, str | None]:
    """A word whose look-alikes are all Latin letters in another style."""
    table = character_table()
    letters = [char for char in word if char in table.styled and table.lookalikes[ord(char)].isalpha()]
    if not letters or _INDICATOR.fullmatch(word):
        return 0, None  # digits say nothing; flags are looked at apart
    is_mixed = any(unicodedata.name(char, "").startswith(_STYLES_OF_TEXT) for char in letters) and _LATIN_LETTER.search(word)
    if is_mixed or (known and len(letters) * 2 >= len(plain)):
        return _ENOUGH, plain
    if known:
        return 1, plain
    # Phonetic spelling mixes small capitals and raised letters with others that look like nothing.
    is_whole = all(char.isascii() or char in table.styled for char in word)
    is_run = len(letters) >= _RUN and len(set(letters)) > 1 and is_whole
    return (_ENOUGH if is_run else 0), (plain if is_run or is_whole and len(word) > 1 else None)


def _best_reading(word: str) -> str:
    """The word in Latin letters, I or l as an English word has them."""
    table = character_table()
    plain = word.translate(table.lookalikes)
    ranks = st.text_statistics().word_rank
    if plain.lower() not in ranks:
        other = word.translate(table.other_readings)
        if other.lower() in ranks:
            plain = other
    return plain.upper() if sum(map(str.isupper, plain)) > len(plain) // 2 else plain


def _evidence_of_flags(text: str) -> int:
    """Regional indicators that stand alone or in odd numbers are letters; so are runs that are an English word."""
    table, ranks = character_table().lookalikes, st.text_statistics().word_rank
    odd = known = 0
    for run in _INDICATOR.findall(text):
        odd += len(run) % 2
        known += len(run) >= MIN_KNOWN and run.translate(table).lower() in ranks
    return _ENOUGH * (odd + known >= 3)


def _has_foreign_fullwidth(text: str) -> bool:
    """Full-width forms of ASCII where no typist would leave them."""
    return bool(_FULLWIDTH_SMALL.search(text)) or bool(_FULLWIDTH.search(text) and not _EAST_ASIAN.search(text))


_TURNED_LETTER = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ∀ꓭƆᗡƎℲ⅁⅂Ԁᴚ⊥∩⅄]")


@decoder("upside_down", Family.TYPOGLYCEMIA)
def _upside_down(scan: Scan) -> Iterator[Found]:
    if not scan.is_ascii:
        turned = len(_TURNED_LETTER.findall(scan.text))
        if turned >= 4 and turned >= 0.15 * len(scan.text):
            yield dec.from_upside_down(scan.text), 0.95
