"""Bytes and characters in codes: Base64 and its like, Morse, NATO, Braille, escapes of URLs, HTML and programs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

import numpy as np

from ...labels import Family
from .. import decoders as dec
from .. import statistics as st
from ..chars import code_points_of
from .registry import Decoded, Scan, decode_in_place, decoder


def _is_plain(text: str) -> bool:
    """Whether decoded bytes look like text: no control characters, mostly letters, digits and spaces."""
    if len(text) < 4:
        return False
    num_written = _num_written(text) + text.count(" ")
    controls = sum(char < " " and char not in "\t\n\r" for char in text)
    return controls == 0 and num_written >= 0.5 * len(text) and "\ufffd" not in text


def _num_written(text: str) -> int:
    """The number of letters, digits and vowel signs."""
    count = sum(map(str.isalnum, text))
    return count if text.isascii() else count + sum(unicodedata.category(char)[0] == "M" for char in text)


def _is_text(text: str) -> bool:
    """Whether the text is plain, or ASCII in a notation that another decoder may decode."""
    return len(text) >= 4 and (_is_plain(text) or all(" " <= char <= "~" or char in "\t\n\r" for char in text))


_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_%\\-])[A-Za-z0-9+/_-]{16,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*={0,2}(?![A-Za-z0-9+/])")
_BASE32 = re.compile(r"(?<![A-Za-z0-9+/])[A-Z2-7]{16,}={0,6}(?![A-Za-z0-9+/=])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:(?:0x|\\x)?[0-9a-fA-F]{2}(?:, ?|[ :])?){8,}(?![0-9A-Za-z])")


def _decode_hex_span(span: str) -> str:
    decoded = dec.from_hex(span)
    if not re.search("[a-fA-F]", span) and not _is_plain(decoded):
        raise ValueError("more likely a decimal number")
    return decoded + _trailing_space(span)


def _trailing_space(span: str) -> str:
    """White space at the end of a run of codes, which belongs to the surrounding text."""
    return " " if span.endswith(" ") else ""


_BINARY = re.compile(r"(?<![01])(?:[01]{8}(?: |\n)?){4,}(?![01])")


def _decode_binary_span(span: str) -> str:
    return dec.from_binary(span) + _trailing_space(span)


def _register_byte_code(
    name: str, may_hold: Callable[[Scan], bool], pattern: re.Pattern[str], decode: Callable[[str], str]
) -> None:
    """Register a decoder of every span of the pattern that holds UTF-8 text; other bytes are hardly ever valid UTF-8.

    `may_hold` is a fast pre-check: true for every text with such a span and for few others.
    """

    @decoder(name, Family.ENCODING)
    def decode_spans(scan: Scan) -> Iterator[Decoded]:
        if not may_hold(scan):
            return
        text = decode_in_place(scan, pattern, decode, _is_text)
        if text is not None:
            yield text, 0.95


def _decode_base64_span(span: str) -> str:
    """Decode Base64. A long run may be cut inside a character, by an attacker or at the end of a piece of a long text."""
    try:
        return dec.from_base64(span)
    except UnicodeDecodeError as error:
        if len(span) < _MIN_CUT_RUN:
            raise
        inner = error.object[_CHARACTER_BYTES:-_CHARACTER_BYTES].decode("utf-8", "ignore")
        if len(inner.encode()) < len(error.object) - 4 * _CHARACTER_BYTES:
            raise
        return inner


_MIN_CUT_RUN = 400  # characters of a run that may be cut
_CHARACTER_BYTES = 3  # most bytes that a cut can leave of a character of four bytes
_register_byte_code("base64", lambda scan: scan.longest_word >= 16, _BASE64, _decode_base64_span)
_register_byte_code("base32", lambda scan: scan.longest_word >= 16, _BASE32, dec.from_base32)
_register_byte_code("hex", lambda scan: scan.digits >= 8, _HEX, _decode_hex_span)  # every ASCII letter begins with a digit
_register_byte_code("binary", lambda scan: scan.digits >= 32, _BINARY, _decode_binary_span)


# Numbers that are character codes -----------------------------------------------------------------------------------------

_NUMBER_LIST = re.compile(r"(?<![\w.])\d{2,4}(?:[ ,;]+\d{2,4}){7,}(?![\w.])")
_OCTAL_LIST = re.compile(r"(?<![\w.])(?:0o)?[0-7]{2,3}(?:[ ,;]+(?:0o)?[0-7]{2,3}){7,}(?![\w.])")
_OCTAL_ESCAPES = re.compile(r"(?:\\[0-3]?[0-7]{2}){4,}")
_MIN_DIGITS = 16  # eight numbers of two digits


def _is_language(text: str) -> bool:
    """Whether decoded characters read like words of some language, because lists of numbers may be codes by chance."""
    if not _is_plain(text):
        return False
    letters, _ = st.letter_indices(st.fold(code_points_of(text)))
    if np.count_nonzero(letters) < 0.5 * len(text):
        foreign = sum(char >= _FIRST_FOREIGN for char in text)  # numbers in the wrong base decode to accented Latin letters
        return foreign >= 0.3 * len(text) and _num_written(text) >= 0.6 * len(text)
    return len(letters) >= 5 and float(st.text_statistics().letter_scores(letters).mean()) > _LANGUAGE_SCORE


_FIRST_FOREIGN = "\u0250"  # first character after the Latin letters of living languages
_LANGUAGE_SCORE = -3.3  # nats per letter above which letters read like language


@decoder("octal", Family.ENCODING)
def _octal(scan: Scan) -> Iterator[Decoded]:
    if scan.digits < _MIN_DIGITS:
        return
    for pattern in (_OCTAL_ESCAPES, _OCTAL_LIST) if "\\" in scan.text else (_OCTAL_LIST,):
        text = decode_in_place(scan, pattern, dec.from_octal, _is_language)
        if text is not None:
            yield text, 0.95
            return


@decoder("decimal", Family.ENCODING)
def _decimal(scan: Scan) -> Iterator[Decoded]:
    if scan.digits >= _MIN_DIGITS:
        text = decode_in_place(scan, _NUMBER_LIST, dec.from_decimal, _is_language)
        if text is not None:
            yield text, 0.95


_LONG_WORD = 20  # characters; shorter words decode to text by chance too often
_DENSE_WORD = re.compile(rf"\S{{{_LONG_WORD},}}")
_SIGNS_OF_85 = re.compile(r"[A-Za-z0-9][!#$%&()*+;<=>?@^`{|}~:\"',\\\[\]][A-Za-z0-9]")


def _decode_base85(word: str) -> str:
    for decode in (dec.from_base85, dec.from_ascii85, dec.from_z85):
        try:
            text = decode(word)
        except ValueError:
            continue
        if _is_language(text):
            return text
    raise ValueError("in none of the alphabets")


@decoder("base85", Family.ENCODING)
def _base85(scan: Scan) -> Iterator[Decoded]:
    """Words of signs and letters that are UTF-8 text in one of the three base 85 alphabets."""
    if scan.longest_word < _LONG_WORD:
        return
    long_words = scan.word_spans[scan.word_lengths >= _LONG_WORD].tolist()
    if any(_SIGNS_OF_85.search(scan.text, start, end) for start, end in long_words):
        text = decode_in_place(scan, _DENSE_WORD, _decode_base85, lambda decoded: True)
        if text is not None:
            yield text, 0.95


# Words for letters ------------------------------------------------------------------------------------------------------

_MIN_MORSE_CODES = 6


@decoder("morse", Family.ENCODING)
def _morse(scan: Scan) -> Iterator[Decoded]:
    if scan.text.count(" .") + scan.text.count(" -") < _MIN_MORSE_CODES // 2:
        return
    best: tuple[int, int, int] | None = None
    for start, end in scan.segments:
        codes = scan.text[start:end].split()
        count = sum(code in dec.FROM_MORSE for code in codes)
        # Characters without a Morse code stay unencoded among the codes.
        if count >= _MIN_MORSE_CODES and count >= 0.8 * sum(code != "/" for code in codes) and (best is None or count > best[0]):
            best = count, start, end
    if best is not None:
        _, start, end = best
        yield scan.text[:start] + dec.from_morse(scan.text[start:end]).lower() + scan.text[end:], 0.9


@decoder("nato", Family.OTHER_CIPHER)
def _nato(scan: Scan) -> Iterator[Decoded]:
    """Runs of spelling words; digits, punctuation and letters of other alphabets stay unspelt among them."""
    words = scan.text.lower().split()
    if dec.FROM_NATO.keys().isdisjoint(words) or sum(word in dec.FROM_NATO for word in words) < 8:
        return
    pieces, end = [], 0
    for start, stop in _find_nato_runs(scan.text):
        pieces += [scan.text[end:start], dec.from_nato(scan.text[start:stop].lower())]
        end = stop
    if pieces:
        yield "".join([*pieces, scan.text[end:]]), 0.9


_TOKEN = re.compile(r"\S+")


def _find_nato_runs(text: str) -> Iterator[tuple[int, int]]:
    """Ranges from a spelling word to the last one that follows after single spaces and unspelt characters only."""
    start = end = last_end = -1
    words = 0
    for token in _TOKEN.finditer(text):
        is_word = token[0].lower() in dec.FROM_NATO
        continues = start >= 0 and token.start() == last_end + 1 and text[last_end] == " " and (is_word or len(token[0]) == 1)
        if not continues:
            if words >= 3:
                yield start, end
            start, words = (token.start() if is_word else -1), 0
        last_end = token.end()
        if is_word:
            words += 1
            end = last_end
        elif start >= 0 and not token[0].isalpha() and token[0] != "/":
            end = last_end  # a full stop or a digit ends the last word
    if words >= 3:
        yield start, end


@decoder("braille", Family.OTHER_CIPHER)
def _braille(scan: Scan) -> Iterator[Decoded]:
    if not scan.is_ascii and len(re.findall("[\u2801-\u283f]", scan.text)) >= 8:
        yield dec.from_braille(scan.text), 0.9


# Escapes ----------------------------------------------------------------------------------------------------------------

_URL_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_URL_TOKEN = re.compile(r"(?<!\S)[^\s%]*%\S*")
_ADDRESS = re.compile(r"\w+://|www\.|^/|[?&]\w+=")


@decoder("url", Family.ENCODING)
def _url(scan: Scan) -> Iterator[Decoded]:
    """Escaped letters or digits, which need no escape, or escaped white space or words outside an address."""
    if "%" not in scan.text or len(_URL_ESCAPE.findall(scan.text)) < 2:
        return

    def decode(token: str) -> str:
        escapes = _URL_ESCAPE.findall(token)
        needless = sum(chr(int(escape[1:], 16)).isalnum() and int(escape[1:], 16) < 128 for escape in escapes)
        foreign = sum(int(escape[1:], 16) >= 128 for escape in escapes)
        if needless < 2 and (_ADDRESS.search(token) or (foreign < 6 and escapes.count("%20") < 2)):
            raise ValueError("an ordinary escape")
        return dec.from_url(token)

    text = decode_in_place(scan, _URL_TOKEN, decode, lambda decoded: True)
    if text is not None:
        yield text, 0.9


_HTML_ENTITY = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|(\d{1,7}));")
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")


def _are_needless(codes: list[int]) -> bool:
    """Whether escapes are of ASCII letters, or of so many other letters that they are the text itself."""
    return sum(code < 128 and chr(code).isalnum() for code in codes) >= 2 or sum(code >= 0x250 for code in codes) >= 8


@decoder("html", Family.ENCODING)
def _html(scan: Scan) -> Iterator[Decoded]:
    if "&#" in scan.text:
        codes = [
            int(hexadecimal, 16) if hexadecimal else int(decimal) for hexadecimal, decimal in _HTML_ENTITY.findall(scan.text)
        ]
        if _are_needless(codes):
            yield dec.from_html(scan.text), 0.9


@decoder("unicode_escape", Family.ENCODING)
def _unicode_escape(scan: Scan) -> Iterator[Decoded]:
    if "\\u" in scan.text or "\\U" in scan.text:
        codes = [int(short or long, 16) for short, long in _UNICODE_ESCAPE.findall(scan.text)]
        if _are_needless(codes):
            yield dec.from_unicode_escape(scan.text), 0.9


_QUOTED_PRINTABLE = re.compile(r"=([0-9A-F]{2})")
_TWO_ESCAPES = re.compile(r"=[0-9A-F]{2}=[0-9A-F]{2}")
_MANY_ESCAPES = 8
_ESCAPED_SHARE = 0.1  # least share of the characters that are escapes


@decoder("quoted_printable", Family.ENCODING)
def _quoted_printable(scan: Scan) -> Iterator[Decoded]:
    """Escaped letters or digits, which no mail program escapes, or so many other letters that they are the text itself."""
    if scan.text.count("=") < 2:
        return
    codes = [int(code, 16) for code in _QUOTED_PRINTABLE.findall(scan.text)]
    needless = sum(code < 128 and chr(code).isalnum() for code in codes)
    # Assignments of numbers look like escapes, but are not adjacent.
    is_dense = 3 * len(codes) >= _ESCAPED_SHARE * len(scan.text) and len(_TWO_ESCAPES.findall(scan.text)) >= 2
    if is_dense and (needless >= 4 or sum(code >= 128 for code in codes) >= _MANY_ESCAPES):
        try:
            yield dec.from_quoted_printable(scan.text), 0.9
        except ValueError:
            return
