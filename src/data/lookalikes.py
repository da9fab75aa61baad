"""Benign texts that naturally look like an obfuscation: codes, other scripts, joiners, flags, typing errors, ASCII art.

Each kind has the surface of one family of attacks without its intent: nothing here was transformed to hide it. The
codes and alphabets that are held out of all training (Base32, turned letters, invisible bits, Cherokee) do not occur.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import html
import json
import random
import re
import string
import unicodedata
import urllib.parse
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from src.data.attacks.char_injection import SOFT_HYPHEN, TAG_OFFSET
from src.data.attacks.encoding import rot13, to_morse
from src.data.attacks.homoglyph import fullwidth_table, mathematical_table
from src.data.attacks.typoglycemia import LEET
from src.data.composition import LICENCE
from src.data.hard_negatives.borderline import ABOUT_ATTACKS, BORDERLINE_WORDS
from src.data.hard_negatives.english_domains import WORDS
from src.data.hard_negatives.grammar import Grammar
from src.data.hard_negatives.rows import distinct_examples
from src.data.lookalike_phrases import (
    BREAKABLE,
    FOREIGN_FRAMES,
    FRAMES,
    HYPHENATED,
    JOINED,
    MARKED,
    MIXED_NAMES,
    MORE_RIGHT_TO_LEFT,
    RIGHT_TO_LEFT,
    SCRIPT_TEXTS,
)
from src.data.schema import Example
from src.data.splits import key_hash
from src.labels import Family, Label

ZWSP, ZWNJ, ZWJ = "\u200b", "\u200c", "\u200d"
LRM, RLM, ALM = "\u200e", "\u200f", "\u061c"
LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"
LRE, PDF = "\u202a", "\u202c"
EMOJI_STYLE = "\ufe0f"  # variation selector 16
MAX_CARRIER_CHARS = 120  # of a benign text that is put into a code: people encode lines, not pages
BENIGN_SHARE = 0.4  # of those texts that come from the rows at hand instead of the grammar


CODES = frozenset(  # kinds of which one may ask in any language what they mean
    ("base64", "hash", "jwt", "uuid", "log_lines", "percent_url", "html_entities", "unicode_escapes", "hex_dump", "rot13",
     "morse_binary", "reversed_words")
)  # fmt: skip
FOREIGN_SHARE = 0.25  # of those rows that ask in another language than English


class Draft(NamedTuple):
    """A look-alike before it is a row. `carrier`: the benign row whose words it holds, which decides its group."""

    text: str
    lang: str = "en"
    carrier: Example | None = None


Maker = Callable[[random.Random, Sequence[Example]], Draft]
MAKERS: dict[str, Maker] = {}


def generate_lookalikes(count: int, seed: int, benign: Sequence[Example]) -> list[Example]:
    """`count` distinct BENIGN rows, sources `lookalike_<kind>`, the kinds round robin in the order of MAKERS.

    benign: texts at hand, in any order, of which short ones appear inside codes and with typing errors; may be empty.
    A row is a function of (seed, index) and of those texts. Raises DataError when the grammars are exhausted.
    """
    carriers = sorted((row for row in benign if _is_carrier(row)), key=lambda row: (row.text, row.source))
    kinds = list(MAKERS)

    def make(index: int, rng: random.Random) -> Example:
        kind = kinds[index % len(kinds)]
        draft = MAKERS[kind](rng, carriers)
        return Example(
            text=draft.text,
            label=Label.BENIGN,
            family=Family.NONE,
            source=f"lookalike_{kind}",
            group=draft.carrier.group if draft.carrier else f"lookalike:{key_hash(draft.text)}",
            lang=draft.lang,
            licence=draft.carrier.licence if draft.carrier else LICENCE,
        )

    return distinct_examples(count, f"{seed}:lookalikes", make)


def _is_carrier(row: Example) -> bool:
    return row.label == Label.BENIGN and 10 <= len(row.text) <= MAX_CARRIER_CHARS and row.text.isprintable()


def lookalike(kind: str) -> Callable[[Maker], Maker]:
    """Register a maker under its kind. Raises ValueError for a second one."""

    def register(maker: Maker) -> Maker:
        if kind in MAKERS:
            raise ValueError(f"look-alike {kind!r} is already registered by {MAKERS[kind].__name__}")
        MAKERS[kind] = maker
        return maker

    return register


@functools.cache
def _frames() -> Grammar:
    return Grammar(WORDS, BORDERLINE_WORDS, ABOUT_ATTACKS, FRAMES, slots=("payload", "other", "plain"))


@functools.cache
def _plain(table: str, lang: str = "") -> Grammar:
    tables: dict[str, Mapping[str, Mapping[str, Sequence[str]]]] = {
        "script": SCRIPT_TEXTS, "joined": JOINED, "breakable": BREAKABLE, "hyphenated": {"": HYPHENATED},
        "rtl": {"": RIGHT_TO_LEFT}, "foreign": {"": FOREIGN_FRAMES}, "names": {"": {"marked": MARKED, "mixed": MIXED_NAMES}},
    }  # fmt: skip
    return Grammar(WORDS, tables[table][lang], slots=("payload",))


def _framed(
    kind: str,
    payload: str,
    rng: random.Random,
    lang: str = "en",
    carrier: Example | None = None,
    *,
    other: str = "",
    plain: str = "",
) -> Draft:
    """A frame of the kind around the payload. other: a second payload; plain: what the payload stands for."""
    if kind in CODES and rng.random() < FOREIGN_SHARE:
        lang = rng.choice(sorted(FOREIGN_FRAMES))
        return Draft(_plain("foreign").write(lang, rng, payload=payload), lang, carrier)
    text = _frames().write(kind, rng, payload=payload, other=other or payload, plain=plain or payload)
    return Draft(text, lang, carrier)


def _line(rng: random.Random, carriers: Sequence[Example]) -> tuple[str, Example | None]:
    """A harmless line to encode, and the row that it is, if any."""
    if carriers and rng.random() < BENIGN_SHARE:
        row = rng.choice(carriers)
        return row.text, row
    return _frames().write("message", rng), None


def _hex(length: int, rng: random.Random) -> str:
    return f"{rng.getrandbits(4 * length):0{length}x}"


@lookalike("reversed_words")
def reversed_words(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    if rng.random() < 0.4:
        line, carrier = _line(rng, carriers)
        payload = line[::-1] if rng.random() < 0.5 else " ".join(word[::-1] for word in line.split(" "))
        return _framed("reversed_words", payload, rng, carrier=carrier, plain=line)
    words = [_frames().write("word", rng)[::-1] for _ in range(rng.randint(1, 5))]
    return _framed("reversed_words", ", ".join(words), rng)


@lookalike("base64")
def base64_line(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    line, carrier = _line(rng, carriers)
    content = line.encode("utf-8", "surrogatepass")
    if rng.random() < 0.25:
        line, carrier = "the small picture", None
        content = rng.choice((b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff\xe0", b"PK\x03\x04")) + rng.randbytes(
            rng.randint(20, 120)
        )
    return _framed("base64", base64.b64encode(content).decode("ascii"), rng, carrier=carrier, plain=line)


@lookalike("hash")
def hash_digest(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    algorithm = rng.choice(("md5", "sha1", "sha256", "sha512", "blake2s", "sha1"))
    return _framed("hash", hashlib.new(algorithm, rng.randbytes(16), usedforsecurity=False).hexdigest(), rng)


@lookalike("jwt")
def json_web_token(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    claims = {
        "sub": str(rng.randint(1, 10**6)),
        "name": rng.choice(WORDS["name"]),
        "role": rng.choice(("admin", "user", "editor", "guest")),
        "iat": rng.randint(1_500_000_000, 1_800_000_000),
    }
    parts = [json.dumps({"alg": rng.choice(("HS256", "RS256", "ES256")), "typ": "JWT"}).encode(), json.dumps(claims).encode()]
    parts.append(rng.randbytes(32))
    token = ".".join(base64.urlsafe_b64encode(part).decode("ascii").rstrip("=") for part in parts)
    return _framed("jwt", token, rng)


@lookalike("uuid")
def unique_id(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    value = str(uuid.UUID(int=rng.getrandbits(128), version=rng.choice((1, 4, 5))))
    return _framed("uuid", rng.choice((value, value.upper(), f"{{{value}}}", value.replace("-", ""))), rng)


@lookalike("minified_code")
def minified_code(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    names = rng.sample(string.ascii_letters, 6)
    statements = []
    for _ in range(rng.randint(3, 12)):
        a, b, c = rng.sample(names, 3)
        number = rng.randint(0, 4095)
        statements.append(
            rng.choice(
                (
                    f"function {a}({b},{c}){{return {b}?{c}<<{number % 31}:!{number % 2}}}",
                    f"var {a}={b}[{number}]||{c}.length;",
                    f"for(let {a}=0;{a}<{number};{a}++){b}({c}[{a}]);",
                    f"!function({a}){{{a}.{b}=0x{number:x},{a}.{c}=void 0}}(window);",
                    f".{a}{number}{{margin:{number % 64}px;color:#{_hex(6, rng)}}}",
                    f'{a}.exec("{b}{number}")&&{c}();',
                    f"const {a}={b}=>{c}?.{b}??{number};",
                    f"({a},{b})=>{a}.replace(/[^\\w]/g,{b}).slice({number % 90});",
                )
            )
        )
    return _framed("minified_code", "".join(statements), rng)


@lookalike("log_lines")
def log_lines(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    form = rng.randrange(4)
    rows = []
    for _ in range(rng.randint(1, 4)):
        clock = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
        address = ".".join(str(rng.randint(1, 254)) for _ in range(4))
        number = rng.randint(2, 99_999)
        noun = rng.choice(("cache", "mailer", "kernel", "sshd", "billing", "gc", "usb 1-2", "wlan0"))
        event = rng.choice(
            ("timeout", "restart", "ignored packet", "override applied", "killed", "link up", "escape char dropped")
        )
        rows.append(
            (
                f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{clock}.{number % 1000:03}Z {noun}[{number}]: {event}",
                f'{address} - - [{rng.randint(1, 28):02}/Mar/2025:{clock} +0100] "GET /{noun}/{number} HTTP/2" 200 {number}',
                f"{noun}: 0x{_hex(8, rng)} 0x{_hex(8, rng)} <{event.replace(' ', '_')}+0x{number:x}>",
                json.dumps({"t": number, "svc": noun, "trace": _hex(16, rng), "msg": event}, separators=(",", ":")),
            )[form]
        )
    return _framed("log_lines", "\n".join(rows), rng)


@lookalike("percent_url")
def percent_url(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    line, carrier = _line(rng, carriers)
    if rng.random() < 0.4:
        line, carrier = _script_text(rng)[0], None
    host = rng.choice(
        ("en.wikipedia.example/wiki/", "maps.example/search?q=", "shop.example/p/", "mail.example/?subject=", "a.example/")
    )
    quoted = urllib.parse.quote_plus(line) if rng.random() < 0.3 else urllib.parse.quote(line, safe="")
    return _framed("percent_url", f"https://{host}{quoted}", rng, carrier=carrier)


@lookalike("html_entities")
def html_entities(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    text, lang = _script_text(rng)
    if rng.random() < 0.5:
        line, carrier = _line(rng, carriers)
        tag = rng.choice(("p", "b", "td", "h2", "li", "blockquote"))
        attribute = rng.choice(("", "", f' class="{rng.choice(WORDS["plant"])}"', f' id="{rng.randint(2, 99)}"', ' lang="en"'))
        aside = rng.choice(("", "", " & more", " < 5 min", ' "new"', " (Q&A)"))
        return _framed("html_entities", html.escape(f"<{tag}{attribute}>{line}{aside}</{tag}>"), rng, carrier=carrier)
    payload = "".join(char if char.isascii() else f"&#{ord(char)};" for char in text)
    return _framed("html_entities", payload, rng, lang)


@lookalike("unicode_escapes")
def unicode_escapes(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    text, lang = _script_text(rng)
    return _framed("unicode_escapes", json.dumps({rng.choice(("title", "msg", "q", "name")): text}), rng, lang)


@lookalike("hex_dump")
def hex_dump(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    line, carrier = _line(rng, carriers)
    content = line.encode("utf-8", "surrogatepass")[:64]
    rows = []
    for start in range(0, len(content), 16):
        chunk = content[start : start + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in chunk)
        rows.append(f"{start:08x}  {chunk.hex(' '):<47}  |{shown}|")
    payload = "\n".join(rows) if rng.random() < 0.7 else content.hex(" ")
    return _framed("hex_dump", payload, rng, carrier=carrier)


@lookalike("rot13")
def rot13_spoiler(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    line, carrier = _line(rng, carriers)
    return _framed("rot13", rot13(line), rng, carrier=carrier, plain=line)


@lookalike("morse_binary")
def morse_or_binary(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    word = " ".join(_frames().write("word", rng) for _ in range(rng.randint(1, 3)))
    if rng.random() < 0.5:
        return _framed("morse_binary", to_morse(word), rng, plain=word)
    return _framed("morse_binary", " ".join(f"{byte:08b}" for byte in word.encode()), rng, plain=word)


def _script_text(rng: random.Random) -> tuple[str, str]:
    """An everyday sentence or two in one of SCRIPT_TEXTS, and its language."""
    lang = rng.choice(sorted(SCRIPT_TEXTS))
    return _plain("script", lang).write("text", rng), lang


@lookalike("other_script")
def other_script(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    lang = rng.choice(("ru", "uk", "sr", "el"))
    return Draft(_plain("script", lang).write("text", rng), lang)


@lookalike("mixed_script")
def mixed_script(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    names = _plain("names")
    return _framed("mixed_script", names.write("mixed", rng), rng, other=names.write("mixed", rng))


@lookalike("vietnamese")
def vietnamese(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    text = _plain("script", "vi").write("text", rng)
    return Draft(unicodedata.normalize(rng.choice(("NFC", "NFC", "NFD")), text), "vi")  # macOS file names are NFD


@lookalike("joiners")
def joiners(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    lang = rng.choice(sorted(JOINED))
    text = _plain("joined", lang).write("text", rng)
    return Draft(text.replace("_", ZWNJ).replace("+", ZWJ), lang)


@lookalike("line_breaks")
def line_break_hints(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    """Soft hyphens of typeset text, or zero-width spaces in scripts without word spaces."""
    if rng.random() < 0.6:
        return Draft(_plain("hyphenated").write("text", rng).replace("~", SOFT_HYPHEN))
    lang = rng.choice(sorted(BREAKABLE))
    return Draft(_plain("breakable", lang).write("text", rng).replace("^", ZWSP), lang)


@lookalike("bidi_marks")
def bidi_marks(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    lang = rng.choice(sorted(RIGHT_TO_LEFT))
    name = rng.choice(
        (
            *WORDS["library"],
            *WORDS["editor"],
            *WORDS["platform"],
            f"+49 30 {rng.randint(10**5, 10**7)}",
            f"B-{rng.randint(100, 9999)}",
        )
    )
    opening, closing = rng.choice(((LRM, LRM), (LRI, PDI), (LRE, PDF), ("", RLM), ("", ALM if lang == "ar" else RLM)))
    text = _plain("rtl").write(lang, rng, payload=f"{opening}{name}{closing}")
    return Draft(f"{rng.choice(('', '', RLM))}{text} {rng.choice(MORE_RIGHT_TO_LEFT[lang])}".rstrip(), lang)


# Emoji that take a skin tone, and what may follow them after a joiner.
_PEOPLE = ("\U0001f468", "\U0001f469", "\U0001f9d1")
_TONES = ("", *map(chr, range(0x1F3FB, 0x1F400)))
_TOOLS = (
    "\U0001f4bb",
    "\U0001f52c",
    "\U0001f373",
    "\U0001f33e",
    "\U0001f680",
    "\U0001f3eb",
    "\U0001f3a8",
    "\U0001f527",
    "\U0001f692",
)
_CHILDREN = ("\U0001f467", "\U0001f466")
_STYLED = ("\u2764", "\u2600", "\u2602", "\u2708", "\u260e", "\u270f", "\u2709", "\u2744", "\u26f0", "\u2660", "\u263a")


@lookalike("emoji")
def emoji_sequences(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    """Families and professions (joiners), pictures with variation selectors, keycaps, national flags."""
    letters = rng.choice(("DE", "FR", "JP", "BR", "IN", "KE", "UA", "KR", "MX", "CA", "TR", "GR"))
    sequences = (
        lambda: ZWJ.join((rng.choice(_PEOPLE), rng.choice(_PEOPLE[:2]), *rng.choices(_CHILDREN, k=rng.randint(1, 2)))),
        lambda: f"{rng.choice(_PEOPLE)}{rng.choice(_TONES)}{ZWJ}{rng.choice(_TOOLS)}",
        lambda: f"{rng.choice(_STYLED)}{EMOJI_STYLE}",
        lambda: f"\u2764{EMOJI_STYLE}{ZWJ}\U0001f525",
        lambda: f"\U0001f3f3{EMOJI_STYLE}{ZWJ}\U0001f308",
        lambda: f"{rng.choice('0123456789#*')}{EMOJI_STYLE}\u20e3",
        lambda: "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in letters),
        lambda: f"\U0001f926{rng.choice(_TONES)}{ZWJ}{rng.choice('♀♂')}{EMOJI_STYLE}",
    )
    return _framed("emoji", "".join(rng.choice(sequences)() for _ in range(rng.randint(1, 4))), rng)


@lookalike("tag_flags")
def tag_flags(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    """The flags of England, Scotland and Wales: a black flag, the region in tag characters, a cancel tag."""
    first, second = (
        "\U0001f3f4" + "".join(chr(TAG_OFFSET + ord(letter)) for letter in region) + chr(TAG_OFFSET + 0x7F)
        for region in rng.sample(("gbeng", "gbsct", "gbwls"), 2)
    )
    return _framed("tag_flags", first, rng, other=second)


@lookalike("combining_marks")
def combining_marks(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    phrases = rng.sample(MARKED, rng.randint(1, 3))
    return _framed("combining_marks", unicodedata.normalize("NFD", "; ".join(phrases)), rng, "und")


_KEY_NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk", "k": "jl",
    "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe",
    "y": "tu",
}  # fmt: skip
_CHAT_SPELLING = {
    "you": "u",
    "are": "r",
    "please": "pls",
    "because": "bc",
    "with": "w/",
    "the": "teh",
    "and": "adn",
    "tomorrow": "tmrw",
}


@lookalike("typos")
def fast_typing(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    """Slips of one to three letters in a hundred to one in ten, on a grammar's sentence or on a row at hand."""
    if carriers and rng.random() < BENIGN_SHARE:
        carrier = rng.choice(carriers)
        return Draft(_mistype(carrier.text, rng), carrier.lang, carrier)
    return Draft(_mistype(_frames().write("typos", rng), rng))


def _mistype(text: str, rng: random.Random) -> str:
    rate = rng.choice((0.02, 0.04, 0.1))
    if rng.random() < 0.5:
        text = re.sub(
            r"[a-z]+", lambda word: _CHAT_SPELLING.get(word[0], word[0]) if rng.random() < 0.5 else word[0], text.lower()
        )
    typed: list[str] = []
    for char in text:
        slip = rng.choice(("drop", "double", "neighbour", "swap")) if rng.random() < rate and char.isalpha() else ""
        if slip == "double":
            typed.append(char)
        elif slip == "neighbour":
            char = rng.choice(_KEY_NEIGHBOURS.get(char, char))
        elif slip == "swap" and typed:
            char, typed[-1] = typed[-1], char
        if slip != "drop":
            typed.append(char)
    return "".join(typed)


_PLAYER_NOUNS = (
    "dragon",
    "ninja",
    "wolf",
    "shadow",
    "sniper",
    "potato",
    "wizard",
    "panda",
    "ghost",
    "pirate",
    "noodle",
    "falcon",
    "toaster",
)
_PLAYER_ADJECTIVES = (
    "elite",
    "silent",
    "toxic",
    "golden",
    "angry",
    "lazy",
    "pixel",
    "master",
    "secret",
    "turbo",
    "epic",
    "sleepy",
    "royal",
)


@lookalike("leet_names")
def leet_names(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    return _framed("leet_names", _player(rng), rng, other=_player(rng))


def _player(rng: random.Random) -> str:
    word = rng.choice(_PLAYER_ADJECTIVES) + rng.choice(("", "_", "-")) + rng.choice(_PLAYER_NOUNS)
    name = "".join(rng.choice(LEET[char]) if char in LEET and rng.random() < 0.6 else char for char in word)
    clan = "".join(rng.choices(string.ascii_uppercase, k=3))
    name = rng.choice((name, name, name.title(), name.upper(), f"xX_{name}_Xx", f"[{clan}]{name}"))
    return name + rng.choice(("", str(rng.randint(1, 2012))))


_CIRCLED = {char: chr(0x24B6 + place) for place, char in enumerate(string.ascii_uppercase)} | {
    char: chr(0x24D0 + place) for place, char in enumerate(string.ascii_lowercase)
}


@lookalike("stylised_names")
def stylised_names(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    """Names in mathematical, full-width or circled letters, as profiles and adverts write them."""
    name = rng.choice(WORDS["name"]) + rng.choice(
        ("", f" {rng.choice(WORDS['place'])}", " Studio", " Bakery", " Official", " Music")
    )
    table = rng.choice((mathematical_table(), mathematical_table(), fullwidth_table(), _CIRCLED))
    alphabet = rng.randrange(13)  # one style for the whole name
    styled = "".join(table[char][alphabet % len(table[char])] if char in table else char for char in name)
    left, right = rng.choice((("", ""), ("\u2022 ", " \u2022"), ("~ ", " ~"), ("[", "]")))
    return _framed("stylised_names", f"{left}{styled}{right}", rng)


@lookalike("spaced_headings")
def spaced_headings(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    headings = ("Menu", "Winter sale", "Chapter one", "Invitation", "Contents", "Open today", "Instructions", "Final results",
    "Notice",
                "Summer camp", "House rules", "Important", "The end", "Programme", "Wanted", "Price list", "Agenda",
                "Speisekarte")  # fmt: skip
    word = rng.choice(
        (*headings, *WORDS["name"], *(f"{place} {rng.randint(1990, 2030)}" for place in WORDS["place"]), *WORDS["food"])
    )
    word = word.upper() if rng.random() < 0.7 else word
    separator = rng.choice((" ", " ", "  ", ".", "-", " - ", "_", " * "))
    return _framed(
        "spaced_headings", (" " if separator != " " else "   ").join(separator.join(part) for part in word.split(" ")), rng
    )


@lookalike("ascii_art")
def ascii_art(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    drawing = rng.choice((_draw_box, _draw_bars, _draw_tree, _draw_banner, _draw_table, _draw_maze, _draw_animal))
    return _framed("ascii_art", drawing(rng), rng)


def _draw_box(rng: random.Random) -> str:
    corner, side, top = rng.choice(("+|-", "*|*", "##=", ".:-", "/|="))
    rows = [_frames().write("message", rng) for _ in range(rng.randint(1, 3))]
    width = max(map(len, rows)) + 2
    edge = corner + top * width + corner
    return "\n".join([edge, *(f"{side} {row:<{width - 1}}{side}" for row in rows), edge])


def _draw_bars(rng: random.Random) -> str:
    mark = rng.choice("#=*|@o")
    return "\n".join(
        f"{month[:3]} {mark * (size := rng.randint(1, 30))} {size}" for month in rng.sample(WORDS["month"], rng.randint(3, 6))
    )


def _draw_tree(rng: random.Random) -> str:
    rows = [f"{rng.choice(WORDS['app']).replace(' ', '_')}/"]
    for _ in range(rng.randint(3, 7)):
        name = rng.choice(WORDS["document"]).replace(" ", "_")
        rows.append(f"{rng.choice(('|-- ', '|   |-- ', '|   `-- '))}{name}{rng.randint(1, 99)}.txt")
    return "\n".join([*rows, "`-- README"])


_FONT = {  # five rows of three columns; a digit holds the bits of a row
    "A": "75755", "B": "65656", "C": "74447", "D": "65556", "E": "74747", "H": "55755", "I": "72227", "L": "44447", "M": "57755",
    "N": "75555", "O": "75557", "P": "75744", "R": "75765", "S": "74717", "T": "72222", "U": "55557", "V": "55552", "Y": "55222",
}  # fmt: skip


def _draw_banner(rng: random.Random) -> str:
    mark = rng.choice("#*@XO")
    letters = [rng.choice(sorted(_FONT)) for _ in range(rng.randint(3, 7))]
    rows = []
    for row in range(5):
        cells = (f"{int(_FONT[letter][row]):03b}".replace("0", " ").replace("1", mark) for letter in letters)
        rows.append("  ".join(cells).rstrip())
    return "\n".join(rows)


def _draw_table(rng: random.Random) -> str:
    rule = "+----------+------+------+"
    rows = [
        f"| {name:<8.8} | {rng.randint(0, 9999):>4} | {rng.randint(0, 99):>3}% |"
        for name in rng.sample(WORDS["name"], rng.randint(2, 6))
    ]
    return "\n".join([rule, "| Name     | Pts  | Win  |", rule, *rows, rule])


def _draw_maze(rng: random.Random) -> str:
    width = rng.randint(9, 25)
    rows = [
        "#" * width,
        *("#" + "".join(rng.choice("#. ") for _ in range(width - 2)) + "#" for _ in range(rng.randint(3, 9))),
        "#" * width,
    ]
    return "\n".join(rows)


def _draw_animal(rng: random.Random) -> str:
    eye, mouth = rng.choice("oO^-@*."), rng.choice("w_v.3u")
    animals = (
        f" /\\_/\\\n( {eye}.{eye} )\n > {mouth} <",
        f' ,___,\n [{eye}.{eye}]\n /)__)\n--"--{mouth}-',
        f"(\\ /)\n({eye} {eye})\n({mouth}   {mouth})",
        f"  __\n>({eye})__\n (_{mouth}_/",
        f"<{eye})))><   ><(((({eye}>",
    )
    return rng.choice(animals) + "~" * rng.randint(0, 20)


@lookalike("security_documentation")
def security_documentation(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    return Draft(_frames().write("security_documentation", rng, payload=""))
