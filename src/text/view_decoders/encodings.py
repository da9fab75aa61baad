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
from .registry import Found, Scan, decode_in_place, decoder


def _is_plain(text: str) -> bool:
    """Whether decoded bytes look written: no control characters, mostly letters, digits and spaces."""
    if len(text) < 4:
        return False
    written = _num_written(text) + text.count(" ")
    controls = sum(char < " " and char not in "\t\n\r" for char in text)
    return controls == 0 and written >= 0.5 * len(text) and "\ufffd" not in text


def _num_written(text: str) -> int:
    """Letters, digits and, in scripts that have them, vowel signs."""
    written = sum(map(str.isalnum, text))
    return written if text.isascii() else written + sum(unicodedata.category(char)[0] == "M" for char in text)


def _is_text(text: str) -> bool:
    """Plain, or itself in a notation of letters, digits and signs that a further decoder may take on."""
    return len(text) >= 4 and (_is_plain(text) or all(" " <= char <= "~" or char in "\t\n\r" for char in text))


_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_%\\-])[A-Za-z0-9+/_-]{16,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*={0,2}(?![A-Za-z0-9+/])")
_BASE32 = re.compile(r"(?<![A-Za-z0-9+/])[A-Z2-7]{16,}={0,6}(?![A-Za-z0-9+/=])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:(?:0x|\\x)?[0-9a-fA-F]{2}(?:, ?|[ :])?){8,}(?![0-9A-Za-z])")


def _from_hex_span(span: str) -> str:
    decoded = dec.from_hex(span)
    if not re.search("[a-fA-F]", span) and not _is_plain(decoded):
        raise ValueError("more likely a decimal number")
    return decoded + _tail(span)


def _tail(span: str) -> str:
    """White space at the end of a run of codes belongs to the text around it."""
    return " " if span.endswith(" ") else ""


_BINARY = re.compile(r"(?<![01])(?:[01]{8}(?: |\n)?){4,}(?![01])")


def _from_binary_span(span: str) -> str:
    return dec.from_binary(span) + _tail(span)


def _register_byte_code(
    name: str, may_hold: Callable[[Scan], bool], pattern: re.Pattern[str], decode: Callable[[str], str]
) -> None:
    """A decoder of every span of the pattern that holds text in UTF-8, which bytes that are none hardly ever do.

    `may_hold` is true of every text with a span and of few others, and sooner known than whether there is one.
    """

    @decoder(name, Family.ENCODING)
    def decode_spans(scan: Scan) -> Iterator[Found]:
        if not may_hold(scan):
            return
        text = decode_in_place(scan, pattern, decode, _is_text)
        if text is not None:
            yield text, 0.95


def _from_base64_span(span: str) -> str:
    """A long run may be cut inside a character: by an attacker, or where one piece of a long text ends."""
    try:
        return dec.from_base64(span)
    except UnicodeDecodeError as error:
        if len(span) < _CUT_RUN:
            raise
        edges = error.object[_CHARACTER_BYTES:-_CHARACTER_BYTES].decode("utf-8", "ignore")
        if len(edges.encode()) < len(error.object) - 4 * _CHARACTER_BYTES:
            raise
        return edges


_CUT_RUN = 400  # characters
_CHARACTER_BYTES = 3  # that a cut can leave of a character of four bytes
_register_byte_code("base64", lambda scan: scan.longest_word >= 16, _BASE64, _from_base64_span)
_register_byte_code("base32", lambda scan: scan.longest_word >= 16, _BASE32, dec.from_base32)
_register_byte_code("hex", lambda scan: scan.digits >= 8, _HEX, _from_hex_span)  # every ASCII letter begins with a digit
_register_byte_code("binary", lambda scan: scan.digits >= 32, _BINARY, _from_binary_span)


# Numbers that are character codes -----------------------------------------------------------------------------------------

_NUMBER_LIST = re.compile(r"(?<![\w.])\d{2,4}(?:[ ,;]+\d{2,4}){7,}(?![\w.])")
_OCTAL_LIST = re.compile(r"(?<![\w.])(?:0o)?[0-7]{2,3}(?:[ ,;]+(?:0o)?[0-7]{2,3}){7,}(?![\w.])")
_OCTAL_ESCAPES = re.compile(r"(?:\\[0-3]?[0-7]{2}){4,}")
_MIN_DIGITS = 16  # of eight numbers of two digits


def _is_language(text: str) -> bool:
    """Whether decoded characters read like words of some language: lists of numbers may be codes by chance."""
    if not _is_plain(text):
        return False
    letters, _ = st.letter_indices(st.fold(code_points_of(text)))
    if np.count_nonzero(letters) < 0.5 * len(text):
        foreign = sum(char >= _FIRST_FOREIGN for char in text)  # numbers read in a wrong base are accented Latin letters
        return foreign >= 0.3 * len(text) and _num_written(text) >= 0.6 * len(text)
    return len(letters) >= 5 and float(st.text_statistics().letter_scores(letters).mean()) > _LANGUAGE_SCORE


_FIRST_FOREIGN = "\u0250"
_LANGUAGE_SCORE = -3.3  # nats a letter


@decoder("octal", Family.ENCODING)
def _octal(scan: Scan) -> Iterator[Found]:
    if scan.digits < _MIN_DIGITS:
        return
    for pattern in (_OCTAL_ESCAPES, _OCTAL_LIST) if "\\" in scan.text else (_OCTAL_LIST,):
        text = decode_in_place(scan, pattern, dec.from_octal, _is_language)
        if text is not None:
            yield text, 0.95
            return


@decoder("decimal", Family.ENCODING)
def _decimal(scan: Scan) -> Iterator[Found]:
    if scan.digits >= _MIN_DIGITS:
        text = decode_in_place(scan, _NUMBER_LIST, dec.from_decimal, _is_language)
        if text is not None:
            yield text, 0.95


_LONG_WORD = 20  # characters: shorter ones say too little to be told from chance
_DENSE_WORD = re.compile(rf"\S{{{_LONG_WORD},}}")
_SIGNS_OF_85 = re.compile(r"[A-Za-z0-9][!#$%&()*+;<=>?@^`{|}~:\"',\\\[\]][A-Za-z0-9]")


def _from_any_base85(word: str) -> str:
    for decode in (dec.from_base85, dec.from_ascii85, dec.from_z85):
        try:
            text = decode(word)
        except ValueError:
            continue
        if _is_language(text):
            return text
    raise ValueError("in none of the alphabets")


@decoder("base85", Family.ENCODING)
def _base85(scan: Scan) -> Iterator[Found]:
    """Words of signs and letters that are text in UTF-8 in one of the alphabets of 85."""
    if scan.longest_word < _LONG_WORD:
        return
    long_words = scan.word_spans[scan.word_lengths >= _LONG_WORD].tolist()
    if any(_SIGNS_OF_85.search(scan.text, start, end) for start, end in long_words):
        text = decode_in_place(scan, _DENSE_WORD, _from_any_base85, lambda decoded: True)
        if text is not None:
            yield text, 0.95


# Words for letters ------------------------------------------------------------------------------------------------------

_MIN_SIGNS = 6  # Morse codes


@decoder("morse", Family.ENCODING)
def _morse(scan: Scan) -> Iterator[Found]:
    if scan.text.count(" .") + scan.text.count(" -") < _MIN_SIGNS // 2:
        return
    best: tuple[int, int, int] | None = None
    for start, end in scan.segments:
        codes = scan.text[start:end].split()
        signs = sum(code in dec.FROM_MORSE for code in codes)
        # Characters without a code stand as they are among the codes.
        if signs >= _MIN_SIGNS and signs >= 0.8 * sum(code != "/" for code in codes) and (best is None or signs > best[0]):
            best = signs, start, end
    if best is not None:
        _, start, end = best
        yield scan.text[:start] + dec.from_morse(scan.text[start:end]).lower() + scan.text[end:], 0.9


@decoder("nato", Family.OTHER_CIPHER)
def _nato(scan: Scan) -> Iterator[Found]:
    """Runs of spelling words; digits, punctuation and letters of other alphabets stand unspelt among them."""
    words = scan.text.lower().split()
    if dec.FROM_NATO.keys().isdisjoint(words) or sum(word in dec.FROM_NATO for word in words) < 8:
        return
    pieces, end = [], 0
    for start, stop in _nato_runs(scan.text):
        pieces += [scan.text[end:start], dec.from_nato(scan.text[start:stop].lower())]
        end = stop
    if pieces:
        yield "".join([*pieces, scan.text[end:]]), 0.9


_TOKEN = re.compile(r"\S+")


def _nato_runs(text: str) -> Iterator[tuple[int, int]]:
    """Ranges from one spelling word to the last that single spaces and unspelt characters part from it."""
    start = end = before = -1
    words = 0
    for token in _TOKEN.finditer(text):
        is_word = token[0].lower() in dec.FROM_NATO
        goes_on = start >= 0 and token.start() == before + 1 and text[before] == " " and (is_word or len(token[0]) == 1)
        if not goes_on:
            if words >= 3:
                yield start, end
            start, words = (token.start() if is_word else -1), 0
        before = token.end()
        if is_word:
            words += 1
            end = before
        elif start >= 0 and not token[0].isalpha() and token[0] != "/":
            end = before  # a full stop or a digit ends the last word
    if words >= 3:
        yield start, end


@decoder("braille", Family.OTHER_CIPHER)
def _braille(scan: Scan) -> Iterator[Found]:
    if not scan.is_ascii and len(re.findall("[\u2801-\u283f]", scan.text)) >= 8:
        yield dec.from_braille(scan.text), 0.9


# Escapes ----------------------------------------------------------------------------------------------------------------

_URL_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_URL_TOKEN = re.compile(r"(?<!\S)[^\s%]*%\S*")
_ADDRESS = re.compile(r"\w+://|www\.|^/|[?&]\w+=")


@decoder("url", Family.ENCODING)
def _url(scan: Scan) -> Iterator[Found]:
    """Escaped letters or digits, which no program needs to escape; escaped white space or words outside an address."""
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
    """Escapes of plain letters, or of so many foreign ones that they are the text."""
    return sum(code < 128 and chr(code).isalnum() for code in codes) >= 2 or sum(code >= 0x250 for code in codes) >= 8


@decoder("html", Family.ENCODING)
def _html(scan: Scan) -> Iterator[Found]:
    if "&#" in scan.text:
        codes = [
            int(hexadecimal, 16) if hexadecimal else int(decimal) for hexadecimal, decimal in _HTML_ENTITY.findall(scan.text)
        ]
        if _are_needless(codes):
            yield dec.from_html(scan.text), 0.9


@decoder("unicode_escape", Family.ENCODING)
def _unicode_escape(scan: Scan) -> Iterator[Found]:
    if "\\u" in scan.text or "\\U" in scan.text:
        codes = [int(short or long, 16) for short, long in _UNICODE_ESCAPE.findall(scan.text)]
        if _are_needless(codes):
            yield dec.from_unicode_escape(scan.text), 0.9


_QUOTED_PRINTABLE = re.compile(r"=([0-9A-F]{2})")
_TWO_ESCAPES = re.compile(r"=[0-9A-F]{2}=[0-9A-F]{2}")
_MANY_ESCAPES = 8
_ESCAPED_SHARE = 0.1  # of the characters


@decoder("quoted_printable", Family.ENCODING)
def _quoted_printable(scan: Scan) -> Iterator[Found]:
    """Escaped letters or digits, which no mail program escapes, or so many foreign ones that they are the text."""
    if scan.text.count("=") < 2:
        return
    codes = [int(code, 16) for code in _QUOTED_PRINTABLE.findall(scan.text)]
    needless = sum(code < 128 and chr(code).isalnum() for code in codes)
    # Assignments of numbers look like escapes, but do not follow each other.
    is_dense = 3 * len(codes) >= _ESCAPED_SHARE * len(scan.text) and len(_TWO_ESCAPES.findall(scan.text)) >= 2
    if is_dense and (needless >= 4 or sum(code >= 128 for code in codes) >= _MANY_ESCAPES):
        try:
            yield dec.from_quoted_printable(scan.text), 0.9
        except ValueError:
            return
