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
from .registry import Decoded, Scan, decoder

_LATIN_LETTER = re.compile("[A-Za-z]")
MIN_KNOWN = 3  # least letters of an English word that counts as evidence
_STYLES_OF_TEXT = (
    "FULLWIDTH",
    "MATHEMATICAL",
    "SQUARED",
    "NEGATIVE",
    "CIRCLED",
    "PARENTHESIZED",
)  # superscripts are left out: they are footnotes
_MIN_STYLED_RUN = 4  # different styled letters in a row that cannot be a list number, footnote or symbol
_ENOUGH = 2  # least evidence that letters imitate others
_FIRST_FOREIGN = "\u0250"  # first character after the Latin letters of living languages
_TURKIC = "ğĞşŞəƏİ"  # letters of the languages that have ı inside words
_MIN_DOTLESS_LETTERS = 5  # least letters of a word that is English rather than Turkic once its ı is replaced
_GENUINE_SHARE = 0.3  # share of the distinct non-Latin letters without a Latin look-alike above which they are a language
_FULLWIDTH = re.compile("[\uff01-\uff5e]")
_FULLWIDTH_SMALL = re.compile(
    "[\uff41-\uff5a]"
)  # East Asian text has full-width capitals in abbreviations, but hardly full-width words
_EAST_ASIAN = re.compile("[\u3001-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # text in which full-width letters are ordinary
_INDICATOR = re.compile("[\U0001f1e6-\U0001f1ff]+")


_LETTERS = re.compile(r"[^\W\d_]+")


@cache
def _letters_and_symbols() -> re.Pattern[str]:
    """A word of letters and of symbols that look like letters."""
    symbols = "".join(map(re.escape, sorted(char for char in character_table().characters if not _LETTERS.match(char))))
    return re.compile(f"(?:[^\\W\\d_]|[{symbols}])+")


@decoder("confusables", Family.HOMOGLYPH)
def _confusables(scan: Scan) -> Iterator[Decoded]:
    """Letters that pass for Latin ones: those of UTS 39, and Latin letters in another style (mathematical, full-width,
    circled, squared, parenthesised, raised, small capitals, regional indicators).

    The evidence of a text is the sum of that of its words, and the evidence of a word is its form after its letters are
    replaced. Words of a language in another script, units, formulas, list numbers, flags and phonetic spelling are no evidence.
    """
    words = _words_to_mend(scan)
    if words is None:
        return
    text = words.pattern.sub(lambda match: words.mend(match[0]), scan.text)
    if words.has_fullwidth:
        text = _FULLWIDTH.sub(lambda char: chr(ord(char[0]) - 0xFEE0), text)
    if text != scan.text:
        yield text, 0.9


def find_lookalikes(text: str) -> list[int]:
    """Positions of letters that imitate Latin ones, ascending, by the same evidence as `confusables`; none in ordinary text of
    any language."""
    words = _words_to_mend(Scan(text))
    if words is None:
        return []
    table = character_table().lookalikes
    positions = {match.start() for match in _FULLWIDTH.finditer(text)} if words.has_fullwidth else set()
    for match in words.pattern.finditer(text):
        plain = words.mend(match[0])
        if plain != match[0]:
            imitations = (place for place, char in enumerate(match[0]) if ord(char) in table and char not in plain)
            positions.update(match.start() + place for place in imitations)
    return sorted(positions)


class _WordsToMend(NamedTuple):
    """How the look-alikes in the words of a text are replaced."""

    pattern: re.Pattern[str]  # matches a word
    mend: Callable[[str], str]
    has_fullwidth: bool  # full-width forms of ASCII are replaced by ASCII


def _words_to_mend(scan: Scan) -> _WordsToMend | None:
    """The replacement of look-alikes; None where the evidence is not enough."""
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
    pattern = _LETTERS if all(map(str.isalpha, alike)) else _letters_and_symbols()
    evidence = _ENOUGH * is_fullwidth + _evidence_of_flags(scan.text)
    mended: dict[str, str] = {}
    for word in dict.fromkeys(pattern.findall(scan.text)):
        if word.isascii():
            continue
        weight, plain = _mend(word, is_language)
        evidence += weight
        if plain is not None:
            mended[word] = plain
    if evidence < _ENOUGH:
        return None
    # With enough evidence, look-alikes are replaced in all words; in text of another script only styled letters are.
    is_turkic = not distinct.isdisjoint(_TURKIC)

    def mend(word: str) -> str:
        return mended.get(word) or (_replace_styled(word) if is_language else _replace_all(word, is_turkic))

    return _WordsToMend(pattern, mend, is_fullwidth)


def _is_language(distinct: set[str]) -> bool:
    """Whether the non-Latin letters belong to a language: a large share of the distinct ones has no Latin look-alike."""
    table = character_table()
    foreign = [char for char in distinct if not _is_latin(char) and table.kinds[ord(char)] == PLAIN_LETTER]
    foreign = [char for char in foreign if char not in table.styled]
    unlike = sum(ord(char) not in table.lookalikes for char in foreign)
    return unlike > _GENUINE_SHARE * len(foreign)


def _is_latin(char: str) -> bool:
    return char < _FIRST_FOREIGN or "\u1e00" <= char <= "\u1eff"


def _replace_all(word: str, is_turkic: bool) -> str:
    """The word in Latin letters. If a letter has no Latin look-alike, only styled letters are replaced. Turkic letters stay in a
    Turkic text."""
    table = character_table().lookalikes
    plain = "".join(char if is_turkic and char < _FIRST_FOREIGN else table.get(ord(char), char) for char in word)
    return plain if all(map(_is_latin, plain)) else _replace_styled(word)


def _replace_styled(word: str) -> str:
    return word.translate(character_table().styled_letters)


def _mend(word: str, is_language: bool) -> tuple[int, str | None]:
    """The evidence of a word, and the word with its look-alikes replaced; None: the word should stay as it is."""
    table = character_table()
    alike = [char for char in word if ord(char) in table.lookalikes]
    if not alike:
        return 0, None
    plain = _best_reading(word)
    is_english = len(plain) >= MIN_KNOWN and plain.lower() in st.text_statistics().word_rank
    num_styled = sum(char in table.styled for char in alike)
    if num_styled == len(alike):
        return _mend_styled(word, plain, is_english)
    if all(char < _FIRST_FOREIGN for char in alike):  # Turkish has the letter i without a dot
        return (1, plain) if is_english and len(plain) >= _MIN_DOTLESS_LETTERS else (0, None)
    latin = len(_LATIN_LETTER.findall(word))
    unlike = len(word) - latin - len(alike)
    if latin + num_styled:  # letters of two alphabets in a word
        if is_english:
            return _ENOUGH, plain
        if unlike and not all(map(_is_latin, _remove(word, alike))):
            return 0, None
        is_unit = len(word) <= MIN_KNOWN or all("\u0370" <= char <= "\u03ff" for char in alike)
        return (1 if is_unit and len(word) > MIN_KNOWN else 0 if is_unit else _ENOUGH), plain
    if is_english and unlike == 0 and not is_language:
        return 1, plain
    return 0, None


def _remove(word: str, chars: list[str]) -> str:
    return word.translate(dict.fromkeys(map(ord, chars)))


def _mend_styled(word: str, plain: str, is_english: bool) -> tuple[int, str | None]:
    """A word whose look-alikes are all Latin letters in another style."""
    table = character_table()
    letters = [char for char in word if char in table.styled and table.lookalikes[ord(char)].isalpha()]
    if not letters or _INDICATOR.fullmatch(word):
        return 0, None  # digits are no evidence; flags are judged by _evidence_of_flags
    is_mixed = any(unicodedata.name(char, "").startswith(_STYLES_OF_TEXT) for char in letters) and _LATIN_LETTER.search(word)
    if is_mixed or (is_english and len(letters) * 2 >= len(plain)):
        return _ENOUGH, plain
    if is_english:
        return 1, plain
    # Phonetic spelling mixes small capitals and superscripts with letters that have no look-alike.
    is_whole = all(char.isascii() or char in table.styled for char in word)
    is_run = len(letters) >= _MIN_STYLED_RUN and len(set(letters)) > 1 and is_whole
    return (_ENOUGH if is_run else 0), (plain if is_run or is_whole and len(word) > 1 else None)


def _best_reading(word: str) -> str:
    """The word in Latin letters, with I or l as in an English word."""
    table = character_table()
    plain = word.translate(table.lookalikes)
    ranks = st.text_statistics().word_rank
    if plain.lower() not in ranks:
        other = word.translate(table.other_readings)
        if other.lower() in ranks:
            plain = other
    return plain.upper() if sum(map(str.isupper, plain)) > len(plain) // 2 else plain


def _evidence_of_flags(text: str) -> int:
    """Evidence that regional indicators are letters: runs of odd length, or runs that spell an English word."""
    table, ranks = character_table().lookalikes, st.text_statistics().word_rank
    num_odd = num_words = 0
    for run in _INDICATOR.findall(text):
        num_odd += len(run) % 2
        num_words += len(run) >= MIN_KNOWN and run.translate(table).lower() in ranks
    return _ENOUGH * (num_odd + num_words >= 3)


def _has_foreign_fullwidth(text: str) -> bool:
    """Whether the text has full-width forms of ASCII that ordinary East Asian typing does not produce."""
    return bool(_FULLWIDTH_SMALL.search(text)) or bool(_FULLWIDTH.search(text) and not _EAST_ASIAN.search(text))


_TURNED_LETTER = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ∀ꓭƆᗡƎℲ⅁⅂Ԁᴚ⊥∩⅄]")


@decoder("upside_down", Family.TYPOGLYCEMIA)
def _upside_down(scan: Scan) -> Iterator[Decoded]:
    if not scan.is_ascii:
        count = len(_TURNED_LETTER.findall(scan.text))
        if count >= 4 and count >= 0.15 * len(scan.text):
            yield dec.from_upside_down(scan.text), 0.95
