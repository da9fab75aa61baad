"""Decode and rescan: the plain texts that a raw text may hide, each to be scored beside it by the same network.

A view undoes one or more notations (Base64, reversed letters, look-alike letters, invisible payloads, ...). Decoders look
at the form of the text alone, never at the sentences around it, and ordinary text has no view: each decoder wants
evidence that the text is not in plain language and that what comes out is. Spans are decoded in place, so a view keeps
the words around them.

Cost is bounded: at most MAX_CHARS characters are read, at most MAX_TEXTS texts are looked at, DEPTH notations are undone
on top of each other, and no decoder can make a text longer (Base64 and its like shrink what they decode).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np

from src.labels import Family
from src.text import decoders as dec
from src.text import statistics as st
from src.text.chars import code_points_of

MAX_CHARS = 15_000
MAX_TEXTS = 8  # texts looked at per input, the input included
MAX_SPANS = 16  # spans decoded by one decoder
DEPTH = 3
LIMIT = 2  # views that are scored

MIN_ORDER_CHARS = 12
MIN_ORDER_WORDS = 7
MAX_SEGMENTS = 24
MAX_SEGMENT_WORDS = 2000
MAX_CUT_CHARS = 4000  # of a part whose words are counted anew


@dataclass(frozen=True, slots=True)
class View:
    """A plain text that the raw text may stand for."""

    text: str
    steps: tuple[str, ...]  # the decoders that led here, the outermost first
    plausibility: float  # (0, 1): how sure the least sure of them was

    @property
    def trace(self) -> str:
        return " > ".join(self.steps)

    @property
    def family(self) -> Family:
        """The kind of attack that hides text so, by the outermost step."""
        return _FAMILIES[self.steps[0]]


Found = tuple[str, float]  # decoded text, plausibility
Decoder = Callable[["_Scan"], Iterator[Found]]
_DECODERS: list[tuple[str, Decoder]] = []
_FAMILIES: dict[str, Family] = {}


def decoder(name: str, family: Family) -> Callable[[Decoder], Decoder]:
    """Register a decoder of one notation; `family` is the kind of attack that writes in it."""

    def register(function: Decoder) -> Decoder:
        _DECODERS.append((name, function))
        _FAMILIES[name] = family
        return function

    return register


_ORDERS = ("reversed_letters", "word_order")
_GUESSES = ("word_order", "typoglycemia", "leet")  # decoders that go by what is usual, not by a notation


def decoder_names() -> list[str]:
    return [name for name, _ in _DECODERS]


def views_of(text: str, *, limit: int = LIMIT, depth: int = DEPTH) -> list[View]:
    """At most `limit` views, the most plausible first; none for ordinary text.

    What no decoder takes further goes first: of Base64 in hexadecimal the plain text, then the Base64 between.
    Texts beyond MAX_CHARS characters are read up to there; the rest stays out of the views.
    """
    raw = text[:MAX_CHARS]
    pending = [(View(raw, (), 1.0), None)]  # each with the view that it was decoded from
    seen = {raw}
    leaves: list[tuple[View, View | None]] = []
    between: list[View] = []
    for _ in range(MAX_TEXTS):
        if not pending:
            break
        view, parent = pending.pop(0)
        found = _decode_once(view, seen) if len(view.steps) < depth else []
        pending += [(each, view) for each in found[: limit + 1]]
        if view.steps:
            if found:
                between.append(view)
            else:
                leaves.append((view, parent))
    leaves += [(view, parent) for view, parent in pending if view.steps]  # not looked at any more
    leaves.sort(key=lambda pair: -pair[0].plausibility)
    ranked: list[View] = []
    for view, parent in leaves:
        ranked.append(view)
        if parent is not None and parent.steps and view.steps[-1] in _GUESSES:
            ranked.append(parent)  # the guess may have changed words that were right
    return list(dict.fromkeys([*ranked, *between]))[:limit]


def _decode_once(view: View, seen: set[str]) -> list[View]:
    """What one more decoder makes of a view, the most plausible first; adds to the texts that were seen."""
    scan = _Scan(view.text)
    found = []
    for name, function in _DECODERS:
        if name in _ORDERS and name in view.steps:
            continue  # an order is undone once; on text without any order every other one looks better
        for decoded, plausibility in function(scan):
            if decoded not in seen and decoded.strip():
                seen.add(decoded)
                found.append(View(decoded, (*view.steps, name), min(plausibility, view.plausibility)))
    return sorted(found, key=lambda each: -each.plausibility)


class _Scan:
    """One text and what the decoders share about it, each computed when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def is_ascii(self) -> bool:
        return self.text.isascii()

    @cached_property
    def folded(self) -> np.ndarray:
        return st.fold(code_points_of(self.text))

    @cached_property
    def order(self) -> np.ndarray:
        return st.text_statistics().order_evidence(self.folded)

    @cached_property
    def words(self) -> list[str]:
        return self.text.split()

    @cached_property
    def word_spans(self) -> np.ndarray:
        """(W, 2) first character and end of each word."""
        return np.array([word.span() for word in st.WORD.finditer(self.text)], dtype=np.intp).reshape(-1, 2)

    @cached_property
    def word_features(self) -> np.ndarray:
        """(2, W) class and shape of each word."""
        return _features(self.words)

    def features_within(self, start: int, end: int) -> np.ndarray:
        """(2, W') class and shape of the words of a range; a word that it cuts counts with the part inside."""
        spans, text = self.word_spans, self.text
        cuts_first = start > 0 and not text[start - 1].isspace() and not text[start].isspace()
        cuts_last = end < len(text) and not text[end].isspace() and not text[end - 1].isspace()
        if cuts_first or cuts_last:
            return _features(text[start : min(end, start + MAX_CUT_CHARS)].split()[:MAX_SEGMENT_WORDS])
        first, last = spans[:, 0].searchsorted(start), spans[:, 1].searchsorted(end, side="right")
        return self.word_features[:, first : min(last, first + MAX_SEGMENT_WORDS)]

    @cached_property
    def letters(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Letters (L,), their places (L,) and the running sum of their scores (L - 1,), 0 first."""
        letters, places = st.letter_indices(self.folded)
        if len(letters) < 3:
            return letters, places, np.zeros(1)
        return letters, places, np.concatenate(([0.0], np.cumsum(st.text_statistics().letter_scores(letters), dtype=np.float64)))

    @cached_property
    def segments(self) -> list[tuple[int, int]]:
        """The whole text, then its lines, quoted parts and what follows a colon: where a payload may stand."""
        return list(dict.fromkeys([(0, len(self.text)), *_parts(self.text)]))[:MAX_SEGMENTS]


def _features(words: list[str]) -> np.ndarray:
    """(2, W) class and shape of each word."""
    return np.array([st.word_features(word) for word in words], dtype=np.intp).reshape(-1, 2).T


_QUOTED = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r'"([^"]{12,})"',
        r"`+([^`]{12,})`",
        r"[“«„「『]([^”»“」』]{12,})[”»“」』]",
        r"(?<!\w)'(.{12,})'(?!\w)",  # the longest: apostrophes stand inside
        r'"(.{12,})"',
        r"\[([^\[\]]{12,})\]",
        r"<<+\s*([^<>]{12,}?)\s*>>",
        r"<\w+>\s*([^<>]{12,}?)\s*</\w+>",
        r"[:：]\s*([^\n]{12,})",
    )
)


def _parts(text: str) -> Iterator[tuple[int, int]]:
    if "\n" in text:
        for line in re.finditer(r"[^\n]{12,}", text):
            yield line.span()
    for pattern in _QUOTED:
        for match in pattern.finditer(text):
            yield match.span(1)


# Encodings of bytes -----------------------------------------------------------------------------------------------------


def _is_plain(text: str) -> bool:
    """Whether decoded bytes look written: no control characters, mostly letters, digits and spaces."""
    if len(text) < 4:
        return False
    written = sum(map(str.isalnum, text)) + text.count(" ")
    controls = sum(char < " " and char not in "\t\n\r" for char in text)
    return controls == 0 and written >= 0.5 * len(text) and "\ufffd" not in text


def _is_text(text: str) -> bool:
    """Plain, or itself in a notation of letters, digits and signs that a further decoder may take on."""
    return len(text) >= 4 and (_is_plain(text) or all(" " <= char <= "~" or char in "\t\n\r" for char in text))


def _in_place(scan: _Scan, pattern: re.Pattern[str], decode: Callable[[str], str], accept: Callable[[str], bool]) -> str | None:
    """The text with each span of the pattern decoded where that gives acceptable text; None where none does."""
    pieces, end, changed = [], 0, 0
    for match in pattern.finditer(scan.text):
        if changed == MAX_SPANS:
            break
        try:
            decoded = decode(match[0])
        except ValueError:
            continue
        if not accept(decoded):
            continue
        pieces += [scan.text[end : match.start()], decoded]
        end = match.end()
        changed += 1
    return "".join([*pieces, scan.text[end:]]) if changed else None


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


def _register_byte_code(name: str, pattern: re.Pattern[str], decode: Callable[[str], str]) -> None:
    """A decoder of every span of the pattern that holds text in UTF-8, which bytes that are none hardly ever do."""

    @decoder(name, Family.ENCODING)
    def decode_spans(scan: _Scan) -> Iterator[Found]:
        text = _in_place(scan, pattern, decode, _is_text)
        if text is not None:
            yield text, 0.95


_register_byte_code("base64", _BASE64, dec.from_base64)
_register_byte_code("base32", _BASE32, dec.from_base32)
_register_byte_code("hex", _HEX, _from_hex_span)
_register_byte_code("binary", _BINARY, _from_binary_span)


@decoder("morse", Family.ENCODING)
def _morse(scan: _Scan) -> Iterator[Found]:
    if ". " not in scan.text and "- " not in scan.text:
        return
    best: tuple[int, int, int] | None = None
    for start, end in scan.segments:
        codes = scan.text[start:end].split()
        signs = sum(code in dec.FROM_MORSE for code in codes)
        # Characters without a code stand as they are among the codes.
        if signs >= 6 and signs >= 0.8 * sum(code != "/" for code in codes) and (best is None or signs > best[0]):
            best = signs, start, end
    if best is not None:
        _, start, end = best
        yield scan.text[:start] + dec.from_morse(scan.text[start:end]).lower() + scan.text[end:], 0.9


@decoder("nato", Family.OTHER_CIPHER)
def _nato(scan: _Scan) -> Iterator[Found]:
    if sum(word in dec.FROM_NATO for word in scan.text.lower().split()) >= 8:
        text = _NATO_RUN.sub(lambda run: dec.from_nato(run[0].lower()), scan.text)
        if text != scan.text:
            yield text, 0.9


_NATO_WORD = rf"(?:{'|'.join(dec.FROM_NATO)})"
# Digits, punctuation and letters of other alphabets stand unspelt among the words.
_NATO_RUN = re.compile(
    rf"\b{_NATO_WORD}(?: (?:/ )?(?:{_NATO_WORD}|\S))*(?: {_NATO_WORD}){{2}}(?: (?:/ )?(?:{_NATO_WORD}|\S))*(?!\w)", re.I
)


@decoder("braille", Family.OTHER_CIPHER)
def _braille(scan: _Scan) -> Iterator[Found]:
    if not scan.is_ascii and len(re.findall("[\u2801-\u283f]", scan.text)) >= 8:
        yield dec.from_braille(scan.text), 0.9


# Escapes ----------------------------------------------------------------------------------------------------------------

_URL_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_URL_TOKEN = re.compile(r"\S*%[0-9A-Fa-f]{2}\S*")
_ADDRESS = re.compile(r"\w+://|www\.|^/|[?&]\w+=")


@decoder("url", Family.ENCODING)
def _url(scan: _Scan) -> Iterator[Found]:
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

    text = _in_place(scan, _URL_TOKEN, decode, lambda decoded: True)
    if text is not None:
        yield text, 0.9


_HTML_ENTITY = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|(\d{1,7}));")
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")


def _are_needless(codes: list[int]) -> bool:
    """Escapes of plain letters, or of so many foreign ones that they are the text."""
    return sum(code < 128 and chr(code).isalnum() for code in codes) >= 2 or sum(code >= 0x250 for code in codes) >= 8


@decoder("html", Family.ENCODING)
def _html(scan: _Scan) -> Iterator[Found]:
    if "&#" in scan.text:
        codes = [
            int(hexadecimal, 16) if hexadecimal else int(decimal) for hexadecimal, decimal in _HTML_ENTITY.findall(scan.text)
        ]
        if _are_needless(codes):
            yield dec.from_html(scan.text), 0.9


@decoder("unicode_escape", Family.ENCODING)
def _unicode_escape(scan: _Scan) -> Iterator[Found]:
    if "\\u" in scan.text or "\\U" in scan.text:
        codes = [int(short or long, 16) for short, long in _UNICODE_ESCAPE.findall(scan.text)]
        if _are_needless(codes):
            yield dec.from_unicode_escape(scan.text), 0.9


# Invisible characters ---------------------------------------------------------------------------------------------------

_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f")  # the only ordinary use of tags (UTS 51)
_TAG_FRAME = dict.fromkeys(map(ord, (dec.TAG_BEGIN, dec.TAG_END)))
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_BITS = re.compile("[\u2062\u2064]{16,}")


@decoder("tags", Family.CHAR_INJECTION)
def _tags(scan: _Scan) -> Iterator[Found]:
    if scan.is_ascii or not _TAGS.search(scan.text):
        return
    text = _FLAG.sub("\U0001f3f4", scan.text)
    if _TAGS.search(text):
        yield dec.from_tags(text.translate(_TAG_FRAME)), 0.99


@decoder("variation_selectors", Family.CHAR_INJECTION)
def _variation_selectors(scan: _Scan) -> Iterator[Found]:
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
def _sneaky_bits(scan: _Scan) -> Iterator[Found]:
    if scan.is_ascii or not _BITS.search(scan.text):
        return
    try:
        hidden = dec.from_sneaky_bits(scan.text)
    except ValueError:
        return
    cover = _BITS.sub("", scan.text).strip()
    yield (f"{cover}\n{hidden}" if cover else hidden), 0.99


# Letters of scripts that are written without joiners and without marks of direction inside a word.
_PLAIN_LETTER = "A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff"
_ZERO_WIDTH = "\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\ufeff"
_INSIDE_WORD = re.compile(f"(?<=[{_PLAIN_LETTER}])[{_ZERO_WIDTH}]+(?=[{_PLAIN_LETTER}])")
_ANY_ZERO_WIDTH = re.compile(f"[{_ZERO_WIDTH}]")
_NEVER_INSIDE = re.compile("(?<=\\w)[\u2060-\u2064\ufeff]+(?=\\w)")  # in no script a part of a word


@decoder("zero_width", Family.CHAR_INJECTION)
def _zero_width(scan: _Scan) -> Iterator[Found]:
    if scan.is_ascii:
        return
    places = len(_INSIDE_WORD.findall(scan.text)) + len(_NEVER_INSIDE.findall(scan.text))
    soft_hyphens = scan.text.count("\u00ad")
    if places >= 2 and (soft_hyphens == 0 or places > soft_hyphens or places > 0.02 * len(scan.text)):
        yield _ANY_ZERO_WIDTH.sub("", scan.text), 0.95


_BIDI_INSIDE = re.compile(f"(?<=[{_PLAIN_LETTER}])[\u202a-\u202e\u2066-\u2069]+(?=[{_PLAIN_LETTER}])")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")


@decoder("bidi", Family.CHAR_INJECTION)
def _bidi(scan: _Scan) -> Iterator[Found]:
    if scan.is_ascii:
        return
    overridden = dec.RLO in scan.text and not _RIGHT_TO_LEFT.search(scan.text)
    if overridden or len(_BIDI_INSIDE.findall(scan.text)) >= 2:
        yield dec.from_bidi(scan.text), 0.95


_MARK = re.compile("[\u0300-\u036f]")


@decoder("combining_marks", Family.CHAR_INJECTION)
def _combining_marks(scan: _Scan) -> Iterator[Found]:
    """A language combines letters with few different marks; Zalgo draws from all."""
    if scan.is_ascii or not _MARK.search(scan.text):
        return
    left = _MARK.findall(unicodedata.normalize("NFC", scan.text))
    if len(left) >= 3 and len(set(left)) >= 3:
        yield _MARK.sub("", scan.text), 0.9


# Look-alikes ------------------------------------------------------------------------------------------------------------

_FOREIGN = "\u0370-\u052f\u0530-\u058f\u13a0-\u13ff\uab70-\uabbf"
_STYLED = (
    "\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff\u2102-\u2115\u2118-\u211d\u2124-\u2134\u24b6-\u24e9\U0001f130-\U0001f189"
)
_LETTER_RUN = re.compile(r"[^\W\d_]+")
_BOTH_SCRIPTS = re.compile(f"[A-Za-z][{_FOREIGN}]|[{_FOREIGN}][A-Za-z]")
_ONE_STYLED = re.compile(f"[{_STYLED}]")
_STYLED_IN_WORD = re.compile(f"[A-Za-z][{_STYLED}]|[{_STYLED}][A-Za-z]|[{_STYLED}]{{4,}}")
_FULLWIDTH_LETTER = re.compile("[\uff21-\uff3a\uff41-\uff5a]")
_EAST_ASIAN = re.compile("[\u3001-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # text in which full-width letters are ordinary


@cache
def _skeleton_table() -> dict[int, str]:
    return st.text_statistics().confusables


@decoder("confusables", Family.HOMOGLYPH)
def _confusables(scan: _Scan) -> Iterator[Found]:
    """Words that mix Latin with letters that look Latin (UTS 39), and Latin letters in mathematical or full-width form."""
    if scan.is_ascii:
        return
    text, table = scan.text, _skeleton_table()
    styled = bool(_STYLED_IN_WORD.search(text)) or bool(_FULLWIDTH_LETTER.search(text) and not _EAST_ASIAN.search(text))
    if styled:
        text = _ONE_STYLED.sub(lambda char: unicodedata.normalize("NFKC", char[0]), text)
        text = re.sub("[\uff01-\uff5e]", lambda char: chr(ord(char[0]) - 0xFEE0), text)
    imitated = 0
    if _BOTH_SCRIPTS.search(text):
        runs = [run[0] for run in _LETTER_RUN.finditer(text)]
        imitated = sum(_is_imitation(run, table) for run in runs if not run.isascii())
        if imitated:
            text = _LETTER_RUN.sub(lambda run: run[0].translate(table) if _may_imitate(run[0], table) else run[0], text)
    if styled or imitated:
        yield text, 0.9


def _may_imitate(run: str, table: dict[int, str]) -> bool:
    """Whether each letter is Latin or looks so."""
    return not run.isascii() and all(char.isascii() or ord(char) in table or ord(char) < 0x250 for char in run)


def _is_imitation(run: str, table: dict[int, str]) -> bool:
    """A word of both Latin letters and letters that look Latin."""
    return _may_imitate(run, table) and any(char.isascii() for char in run) and any(ord(char) in table for char in run)


_TURNED_LETTER = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ∀ꓭƆᗡƎℲ⅁⅂Ԁᴚ⊥∩⅄]")


@decoder("upside_down", Family.TYPOGLYCEMIA)
def _upside_down(scan: _Scan) -> Iterator[Found]:
    if not scan.is_ascii:
        turned = len(_TURNED_LETTER.findall(scan.text))
        if turned >= 4 and turned >= 0.15 * len(scan.text):
            yield dec.from_upside_down(scan.text), 0.95


_SPACED_LINE = re.compile(r"(?:[^\s] ){5,}[^\s]|(?:\S (?:  )?){6,}\S")
_SEPARATED = re.compile(r"(?<!\S)(\S)([.\-_*|/])(\S)(?:\2\S)*(?!\S)")


@decoder("separators", Family.CHAR_INJECTION)
def _separators(scan: _Scan) -> Iterator[Found]:
    """Letters parted by the same sign: 'i g n o r e', 'i.g.n.o.r.e'."""
    text = scan.text
    changed = 0

    def join(match: re.Match[str]) -> str:
        nonlocal changed
        changed += len(match[0]) >= 5 and match[0][::2].isalpha()
        return match[0][::2]

    if _SPACED_LINE.search(text):
        joined = _join_spaces(text)
        if joined != text:
            yield joined, 0.9
    elif any(sign in text for sign in ".-_*|/"):
        joined = _SEPARATED.sub(join, text)
        if changed >= 3:
            yield joined, 0.9


_SPACED_RUN = re.compile(r"(?<!\S)\S(?: (?: {2})?\S(?!\S)){5,}")


def _join_spaces(text: str) -> str:
    """Runs of single characters parted by single spaces; three spaces stand for one between words."""

    def join(run: re.Match[str]) -> str:
        joined = re.sub(r" ( {2})?", lambda gap: " " if gap[1] else "", run[0])
        return joined if sum(map(str.isalpha, joined)) >= 0.75 * len(joined) else run[0]

    return _SPACED_RUN.sub(join, text)


# Spelling ---------------------------------------------------------------------------------------------------------------

_LEET_OF = {
    "4": "a",
    "@": "a",
    "8": "b",
    "3": "e",
    "9": "g",
    "1": "i",
    "!": "i",
    "0": "o",
    "5": "s",
    "$": "s",
    "7": "t",
    "+": "t",
    "2": "z",
}
_FROM_LEET = str.maketrans(_LEET_OF)
_FROM_LEET_L = str.maketrans(_LEET_OF | {"1": "l"})
_LEET_WORD = re.compile(r"(?<![\w@$!+])(?=[\w@$!+]*[A-Za-z])(?=[\w@$!+]*[0-9@$!+])[A-Za-z0-9@$!+]{2,}")
_LEET_TOKEN = re.compile(r"[A-Za-z0-9@$!+]+")
_ENGLISH_WORD = re.compile(r"(?<![\w'’])[A-Za-z]{4,}(?![\w])")


@decoder("leet", Family.TYPOGLYCEMIA)
def _leet(scan: _Scan) -> Iterator[Found]:
    candidates = _LEET_WORD.findall(scan.text)
    if len(candidates) < 2:
        return
    known = sum(len(word) >= 3 and _leet_word(word) is not None for word in candidates)
    if known < 2 or known < 0.4 * len(candidates) or known < 0.1 * len(scan.words):
        return
    thorough = known >= 0.3 * len(scan.words)  # then digits on their own are letters too

    def decode(match: re.Match[str]) -> str:
        word = match[0]
        if word.isalpha() or (word.isdigit() and not thorough):
            return word
        return _leet_word(word) or (word.translate(_FROM_LEET) if thorough else word)

    yield _LEET_TOKEN.sub(decode, scan.text), 0.8


@lru_cache(maxsize=1 << 14)
def _leet_word(word: str) -> str | None:
    """The most frequent English word that the signs can stand for; a sentence's final '!' may be just that."""
    ranks = st.text_statistics().word_rank
    tail = ""
    best: tuple[int, str] | None = None
    while True:
        for table in (_FROM_LEET, _FROM_LEET_L):
            decoded = word.translate(table)
            rank = ranks.get(decoded.lower())
            if rank is not None and (best is None or rank < best[0]):
                best = rank, decoded + tail
        if not word.endswith("!") or len(word) < 3:
            return best[1] if best else None
        word, tail = word[:-1], tail + "!"


@decoder("typoglycemia", Family.TYPOGLYCEMIA)
def _typoglycemia(scan: _Scan) -> Iterator[Found]:
    """English words whose inner letters stand in another order."""
    statistics = st.text_statistics()
    ranks = statistics.word_rank
    words = [word for word in _ENGLISH_WORD.findall(scan.text) if not word.isupper()]
    unknown = [low for low in map(str.lower, words) if low not in ranks]
    if len(unknown) < 2 or len(unknown) < 0.15 * len(words):
        return
    frames = statistics.words_by_frame
    hits = sum(st.frame_of(word) in frames for word in unknown)
    if hits < 2 or hits < 0.35 * len(unknown) or hits < 0.12 * len(words):
        return

    def restore(match: re.Match[str]) -> str:
        word = match[0]
        if word.lower() in ranks:
            return word
        found = frames.get(st.frame_of(word.lower()))
        if found is None:
            return word
        return found.capitalize() if word[0].isupper() else found

    yield _ENGLISH_WORD.sub(restore, scan.text), 0.75 if hits < 4 else 0.85


# Letters moved along the alphabet -----------------------------------------------------------------------------------------

MIN_CAESAR_LETTERS = 16
MAX_CAESAR_LETTERS = 400  # are enough to tell the shift
_PLAIN_SCORE = -2.75  # nats per letter: above this the text reads like language as it is
_CAESAR_GAIN = 0.55  # nats per letter by which the best shift must read better than the text as it is
_CAESAR_SCORE = -3.3
_ROT13_GAIN, _ROT13_SCORE = 0.3, -3.8
_CAESAR_SHARE = 0.5  # of the characters are Latin letters; a few in a text of another script are abbreviations


@decoder("caesar", Family.ENCODING)
def _caesar(scan: _Scan) -> Iterator[Found]:
    letters, places, running = scan.letters
    best: tuple[float, int, int, int] | None = None
    for start, end in scan.segments:
        first, last = places.searchsorted((start, end))
        shown = letters[first:last]
        count = np.count_nonzero(shown)
        if count < max(MIN_CAESAR_LETTERS, _CAESAR_SHARE * (end - start)):
            continue
        plain = (running[last - 2] - running[first]) / (last - first - 2)
        if plain > _PLAIN_SCORE:
            continue
        shift, score = _best_shift(shown[:MAX_CAESAR_LETTERS])
        gain = (score - plain) * count
        is_usual = shift == 13  # ROT13, which is what people use, needs less evidence than any of the 25
        least_gain, least_score = (_ROT13_GAIN, _ROT13_SCORE) if is_usual else (_CAESAR_GAIN, _CAESAR_SCORE)
        if score > least_score and score - plain > least_gain and (best is None or gain > best[0]):
            best = gain, shift, start, end
    if best is not None:
        gain, shift, start, end = best
        text = scan.text
        yield text[:start] + dec.caesar(text[start:end], -shift) + text[end:], float(0.95 / (1 + np.exp(-gain / 8)))


_SHIFTS = np.arange(1, 26)[:, None]


def _best_shift(letters: np.ndarray) -> tuple[int, float]:
    """The shift that was most likely applied to the letters (L,), and their mean score without it."""
    moved = np.where(letters > 0, (letters - 1 - _SHIFTS) % 26 + 1, 0)  # (25, L)
    scores = st.text_statistics().letter_scores(moved).mean(axis=1)
    place = int(np.argmax(scores))
    return place + 1, float(scores[place])


# Order of letters and words ---------------------------------------------------------------------------------------------

_REVERSED_MEAN = -0.22  # nats per character
_REVERSED_TOTAL = -7.0


@decoder("reversed_letters", Family.FLIP)
def _reversed_letters(scan: _Scan) -> Iterator[Found]:
    """The whole segment backwards, or each of its words: both read backwards letter by letter, so both are tried."""
    span = _most_reversed(scan)
    if span is None:
        return
    start, end, evidence = span
    text = scan.text
    segment = text[start:end]
    whole, per_word = dec.reverse_text(segment), dec.reverse_letters(segment)
    certainty = 1 / (1 + np.exp((evidence - _REVERSED_TOTAL) / 6))
    readings = sorted({whole, per_word}, key=_fluency, reverse=True)
    for place, reading in enumerate(readings):
        yield text[:start] + reading + text[end:], float(certainty) * (0.98 if place == 0 else 0.7)


def _most_reversed(scan: _Scan) -> tuple[int, int, float] | None:
    """The segment with the most evidence that its letters run backwards."""
    if len(scan.text) < MIN_ORDER_CHARS:
        return None
    best = None
    for start, end in (*scan.segments, *_reversed_run(scan)):
        is_run = (start, end) not in scan.segments
        total, mean = (_RUN_TOTAL, _RUN_MEAN) if is_run else (_REVERSED_TOTAL, _REVERSED_MEAN)
        if end - start < MIN_ORDER_CHARS or _is_code_word(scan.text[start:end]):
            continue
        evidence = float(scan.order[end] - scan.order[min(start + 2, end)])
        enough = evidence < total and evidence < mean * (end - start)
        if enough and (best is None or evidence < best[2] * (_RUN_ADVANTAGE if is_run else 1.0)):
            best = start, end, evidence
    return best


# The best of all runs looks good by chance, so it needs more evidence than a part with ends of its own.
_RUN_TOTAL, _RUN_MEAN = -30.0, -0.6
_RUN_ADVANTAGE = 1.2  # a run that has its ends from the evidence alone must have so much more of it
_NEUTRAL = 0.5  # nats of a word that reads alike in both directions
_PAUSE = re.compile(r"[:：\n]")


def _reversed_run(scan: _Scan) -> list[tuple[int, int]]:
    """The run of words with the most evidence of being backwards, wherever it stands: at most one."""
    spans = scan.word_spans
    if len(spans) < 3:
        return []
    evidence = scan.order[spans[:, 0]] - scan.order[spans[:, 1]]  # (W,) above 0: backwards
    first, last = _best_run(evidence)
    # Short words at the edges say nothing by themselves: they go with the run up to the next pause.
    while (
        first > 0 and evidence[first - 1] > -_NEUTRAL and not _PAUSE.search(scan.text[spans[first - 1, 1] - 1 : spans[first, 0]])
    ):
        first -= 1
    while (
        last < len(spans) and evidence[last] > -_NEUTRAL and not _PAUSE.search(scan.text[spans[last - 1, 1] - 1 : spans[last, 0]])
    ):
        last += 1
    start, end = int(spans[first, 0]), int(spans[last - 1, 1])
    while end - start > MIN_ORDER_CHARS and (scan.text[start], scan.text[end - 1]) in _QUOTE_PAIRS:
        start, end = start + 1, end - 1
    return [(start, end)]


_QUOTE_PAIRS = {*zip("\"'`“«„「『[<(", "\"'`”»“」』]>)", strict=True)}


def _best_run(values: np.ndarray) -> tuple[int, int]:
    """The half-open range with the largest sum of `values` (N,) (Kadane's problem, by running sums)."""
    running = np.concatenate(([0.0], np.cumsum(values)))
    lowest = np.minimum.accumulate(running[:-1])
    last = int(np.argmax(running[1:] - lowest)) + 1
    return int(np.argmin(running[:last])), last


def _is_code_word(segment: str) -> bool:
    """ASCII with hardly any white space, such as Base64 or a key: not a language in either direction."""
    return segment.isascii() and 25 * len(segment.split()) < len(segment)


def _fluency(text: str) -> float:
    """How well the words of a text follow each other."""
    words = text.split()[:MAX_SEGMENT_WORDS]
    if len(words) < 2:
        return 0.0
    return float(st.text_statistics().adjacency(*_features(words)).sum())


# Fitted on benign text and on reordered payloads: each bound takes less than 2 points of recall.
_WORD_ORDER_GAIN = 6.0  # nats by which another order of the words must read better
_WORD_ORDER_MEAN = 0.4  # and per word
_DISORDERED = 0.15  # nats per word: what the words as they stand must stay below
_ORDERED = 0.2  # what the other order must reach
_FREQUENT_SHARE = 0.45  # words that the table knows one by one, which ordinary English prose has and tables have not
_DISTINCT_SHARE = 0.5  # lists and tables repeat themselves, and then any order reads alike


@decoder("word_order", Family.FLIP)
def _word_order(scan: _Scan) -> Iterator[Found]:
    """Words in reverse, or the odd ones before the even ones."""
    if len(scan.words) < MIN_ORDER_WORDS:
        return
    statistics = st.text_statistics()
    best: tuple[float, int, int, bool] | None = None
    for start, end in (*scan.segments, *_disordered_run(scan)):
        classes, shapes = scan.features_within(start, end)
        count = len(classes)
        if count < MIN_ORDER_WORDS:
            continue
        as_is = float(statistics.adjacency(classes, shapes).sum())
        if as_is > _DISORDERED * count or not _is_prose(classes):
            continue
        for is_reversal, order in ((True, np.arange(count)[::-1]), (False, _odd_even_order(count))):
            score = float(statistics.adjacency(classes[order], shapes[order]).sum())
            gain = score - as_is
            enough = gain > max(_WORD_ORDER_GAIN, _WORD_ORDER_MEAN * count) and score > _ORDERED * count
            is_run = best is not None and (start, end) not in scan.segments
            if enough and (best is None or gain > best[0] * (_RUN_ADVANTAGE if is_run else 1.0)):
                best = gain, start, end, is_reversal
    if best is not None:
        gain, start, end, is_reversal = best
        start, end = _without_edges(scan.text, start, end)
        segment = scan.text[start:end]
        # Words parted by single spaces only, so that line breaks inside stay where the attacker left them.
        restored = dec.reverse_split(segment) if is_reversal else dec.from_odd_even(segment)
        yield scan.text[:start] + restored + scan.text[end:], float(0.9 / (1 + np.exp(-(gain - _WORD_ORDER_GAIN) / 4)))


def _disordered_run(scan: _Scan) -> list[tuple[int, int]]:
    """The run of words whose neighbours go together better in reverse: at most one."""
    spans = scan.word_spans
    if len(spans) < MIN_ORDER_WORDS + 2:
        return []
    statistics = st.text_statistics()
    classes, shapes = scan.word_features
    forward = statistics.adjacency(classes, shapes)
    first, last = _best_run(statistics.adjacency(classes[::-1], shapes[::-1])[::-1] - forward)
    return [(int(spans[first, 0]), int(spans[last, 1]))]  # pair n is of the words n and n + 1


def _without_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends."""
    segment = text[start:end]
    return start + len(segment) - len(segment.lstrip()), end - len(segment) + len(segment.rstrip())


def _is_prose(classes: np.ndarray) -> bool:
    """Whether the words are mostly frequent English ones and mostly different."""
    frequent = np.count_nonzero((classes > 0) & (classes <= st.NUM_FREQUENT))
    return frequent >= _FREQUENT_SHARE * len(classes) and len(np.unique(classes)) >= _DISTINCT_SHARE * len(classes)


def _odd_even_order(count: int) -> np.ndarray:
    """Where each word of the restored text stands in the text as it is."""
    order = np.empty(count, dtype=np.intp)
    half = (count + 1) // 2
    order[::2], order[1::2] = np.arange(half), np.arange(half, count)
    return order


_INDEXED_LIST = re.compile(r"\[\s*\{.*\}\s*\]", re.DOTALL)
_TREE = re.compile(r"\{\s*['\"]value['\"].*\}", re.DOTALL)


@decoder("length_sorted", Family.CODE_CHAMELEON)
def _length_sorted(scan: _Scan) -> Iterator[Found]:
    """CodeChameleon's list of {word: place}."""
    if "{" in scan.text and "[" in scan.text:
        text = _in_place(scan, _INDEXED_LIST, dec.from_length, lambda decoded: " " in decoded)
        if text is not None:
            yield text, 0.97


@decoder("binary_tree", Family.CODE_CHAMELEON)
def _binary_tree(scan: _Scan) -> Iterator[Found]:
    """CodeChameleon's nested maps of value, left and right."""
    if "{" in scan.text and "left" in scan.text:
        text = _in_place(scan, _TREE, dec.from_binary_tree, lambda decoded: " " in decoded)
        if text is not None:
            yield text, 0.97
