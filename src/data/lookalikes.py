"""Benign texts that are data and look like an obfuscation: hashes, tokens, dumps, escapes, emoji sequences, typing errors.

Each kind has the surface of one family of attacks without its intent, in a sentence of src/data/texts/lookalikes.txt. The
codes that are held out of all training (Base32, invisible bits) do not occur. Unusual texts that people write (other
scripts, joiners, styled names, drawings) are rows of the corpus.
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
import urllib.parse
import uuid
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..errors import DataError
from ..labels import Family, Label
from .attacks.char_injection import TAG_OFFSET
from .attacks.encoding import rot13, to_morse
from .composition.rows import make_distinct_rows
from .schema import Example
from .splits import key_hash
from .text_blocks import read_blocks

ZWJ = "\u200d"
EMOJI_STYLE = "\ufe0f"  # variation selector 16
CARRIER_CHARS = range(10, 121)  # lengths of the benign texts that are put into a code: people encode lines, not pages
PICTURE_SHARE = 0.25  # share of the Base64 codes that hold the first bytes of a file instead of a line
LICENCE = "generated"


class Draft(NamedTuple):
    """The content of a look-alike row. `carrier`: the benign row whose words it contains, which decides its group."""

    text: str
    lang: str = "en"
    carrier: Example | None = None


Maker = Callable[[random.Random, Sequence[Example]], Draft]
MAKERS: dict[str, Maker] = {}


def generate_lookalikes(count: int, seed: int, benign: Sequence[Example]) -> list[Example]:
    """`count` distinct BENIGN rows, sources `lookalike_<kind>`, the kinds round robin in the order of MAKERS.

    benign: texts in any order, of which short ones appear inside codes and with typing errors. A row is a function
    of (seed, index) and of those texts. Raises DataError when there are none of CARRIER_CHARS characters on one line.
    """
    if count == 0:
        return []
    carriers = sorted((row for row in benign if _is_carrier(row)), key=lambda row: (row.text, row.source))
    if not carriers:
        raise DataError(
            f"data.mixture.lookalikes: expected benign lines of {CARRIER_CHARS.start} to {CARRIER_CHARS.stop - 1} characters, "
            "found none; lower it to 0 or add sources"
        )
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

    return make_distinct_rows(count, f"{seed}:lookalikes", make, "data.mixture.lookalikes")


def _is_carrier(row: Example) -> bool:
    return row.label == Label.BENIGN and len(row.text) in CARRIER_CHARS and row.text.isprintable()


def lookalike(kind: str) -> Callable[[Maker], Maker]:
    """Register a maker under its kind. Raises ValueError for a second one."""

    def register(maker: Maker) -> Maker:
        if kind in MAKERS:
            raise ValueError(f"look-alike {kind!r} is already registered by {MAKERS[kind].__name__}")
        MAKERS[kind] = maker
        return maker

    return register


@functools.cache
def _read_sentences(kind: str) -> tuple[tuple[str, str], ...]:
    """(language, template) of the sentences around a kind of code."""
    return tuple((words[2], text) for words, text in read_blocks("lookalikes") if words[0] == kind)


def _fill_sentence(
    kind: str, payload: str, rng: random.Random, carrier: Example | None = None, *, other: str = "", plain: str = ""
) -> Draft:
    """A sentence of the kind around the payload. other: a second payload; plain: what the payload stands for."""
    values = {"payload": payload, "other": other or payload, "plain": plain or payload}
    lang, template = rng.choice(_read_sentences(kind))
    return Draft(_PLACEHOLDER.sub(lambda match: values[match[1]], template), lang, carrier)


_PLACEHOLDER = re.compile(r"\{(payload|other|plain)\}")


def _random_hex(length: int, rng: random.Random) -> str:
    return f"{rng.getrandbits(4 * length):0{length}x}"


@lookalike("reversed_words")
def reversed_words(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    carrier = rng.choice(carriers)
    line = carrier.text
    payload = line[::-1] if rng.random() < 0.5 else " ".join(word[::-1] for word in line.split(" "))
    return _fill_sentence("reversed_words", payload, rng, carrier, plain=line)


@lookalike("base64")
def base64_line(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    if rng.random() < PICTURE_SHARE:
        content = rng.choice((b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff\xe0", b"PK\x03\x04")) + rng.randbytes(
            rng.randint(20, 120)
        )
        return _fill_sentence("picture", base64.b64encode(content).decode("ascii"), rng)
    carrier = rng.choice(carriers)
    code = base64.b64encode(carrier.text.encode("utf-8", "surrogatepass")).decode("ascii")
    return _fill_sentence("base64", code, rng, carrier, plain=carrier.text)


@lookalike("hash")
def hash_digest(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    algorithm = rng.choice(("md5", "sha1", "sha256", "sha512", "blake2s", "sha1"))
    return _fill_sentence("hash", hashlib.new(algorithm, rng.randbytes(16), usedforsecurity=False).hexdigest(), rng)


@lookalike("jwt")
def json_web_token(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    claims = {
        "sub": str(rng.randint(1, 10**6)),
        "name": f"user{rng.randint(10, 9999)}",
        "role": rng.choice(("admin", "user", "editor", "guest")),
        "iat": rng.randint(1_500_000_000, 1_800_000_000),
    }
    parts = [json.dumps({"alg": rng.choice(("HS256", "RS256", "ES256")), "typ": "JWT"}).encode(), json.dumps(claims).encode()]
    parts.append(rng.randbytes(32))
    token = ".".join(base64.urlsafe_b64encode(part).decode("ascii").rstrip("=") for part in parts)
    return _fill_sentence("jwt", token, rng)


@lookalike("uuid")
def unique_id(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    value = str(uuid.UUID(int=rng.getrandbits(128), version=rng.choice((1, 4, 5))))
    return _fill_sentence("uuid", rng.choice((value, value.upper(), f"{{{value}}}", value.replace("-", ""))), rng)


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
                    f".{a}{number}{{margin:{number % 64}px;color:#{_random_hex(6, rng)}}}",
                    f'{a}.exec("{b}{number}")&&{c}();',
                    f"const {a}={b}=>{c}?.{b}??{number};",
                    f"({a},{b})=>{a}.replace(/[^\\w]/g,{b}).slice({number % 90});",
                )
            )
        )
    return _fill_sentence("minified_code", "".join(statements), rng)


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
                f"{noun}: 0x{_random_hex(8, rng)} 0x{_random_hex(8, rng)} <{event.replace(' ', '_')}+0x{number:x}>",
                json.dumps({"t": number, "svc": noun, "trace": _random_hex(16, rng), "msg": event}, separators=(",", ":")),
            )[form]
        )
    return _fill_sentence("log_lines", "\n".join(rows), rng)


@lookalike("percent_url")
def percent_url(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    carrier = rng.choice(carriers)
    line = carrier.text
    host = rng.choice(
        ("en.wikipedia.example/wiki/", "maps.example/search?q=", "shop.example/p/", "mail.example/?subject=", "a.example/")
    )
    quoted = urllib.parse.quote_plus(line) if rng.random() < 0.3 else urllib.parse.quote(line, safe="")
    return _fill_sentence("percent_url", f"https://{host}{quoted}", rng, carrier)


@lookalike("html_entities")
def html_entities(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    carrier = rng.choice(carriers)
    if rng.random() < 0.5:
        tag = rng.choice(("p", "b", "td", "h2", "li", "blockquote"))
        aside = rng.choice(("", "", " & more", " < 5 min", ' "new"', " (Q&A)"))
        return _fill_sentence("html_entities", html.escape(f"<{tag}>{carrier.text}{aside}</{tag}>"), rng, carrier)
    # A page saved in an old encoding: everything outside ASCII, and punctuation, as references.
    payload = "".join(char if char.isascii() and (char.isalnum() or char == " ") else f"&#{ord(char)};" for char in carrier.text)
    return _fill_sentence("html_entities", payload, rng, carrier)


@lookalike("unicode_escapes")
def unicode_escapes(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    foreign = [row for row in carriers if not row.text.isascii()]
    carrier = rng.choice(foreign or carriers)
    line = carrier.text if foreign else f"{carrier.text} \u2013 caf\u00e9"
    return _fill_sentence("unicode_escapes", json.dumps({rng.choice(("title", "msg", "q", "name")): line}), rng, carrier)


@lookalike("hex_dump")
def hex_dump(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    carrier = rng.choice(carriers)
    content = carrier.text.encode("utf-8", "surrogatepass")[:64]
    rows = []
    for start in range(0, len(content), 16):
        chunk = content[start : start + 16]
        printable = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in chunk)
        rows.append(f"{start:08x}  {chunk.hex(' '):<47}  |{printable}|")
    payload = "\n".join(rows) if rng.random() < 0.7 else content.hex(" ")
    return _fill_sentence("hex_dump", payload, rng, carrier)


@lookalike("rot13")
def rot13_spoiler(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    carrier = rng.choice(carriers)
    return _fill_sentence("rot13", rot13(carrier.text), rng, carrier, plain=carrier.text)


@lookalike("morse_binary")
def morse_or_binary(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    carrier = rng.choice(carriers)
    words = re.findall(r"[A-Za-z0-9]+", carrier.text) or ["hello"]
    start = rng.randrange(len(words))
    plain = " ".join(words[start : start + rng.randint(1, 5)])
    code = to_morse(plain) if rng.random() < 0.5 else " ".join(f"{byte:08b}" for byte in plain.encode())
    return _fill_sentence("morse_binary", code, rng, carrier, plain=plain)


# Emoji that take a skin tone, and what may follow them after a joiner.
_PEOPLE = ("\U0001f468", "\U0001f469", "\U0001f9d1")
_TONES = ("", *map(chr, range(0x1F3FB, 0x1F400)))
_TOOLS = tuple("\U0001f4bb\U0001f52c\U0001f373\U0001f33e\U0001f680\U0001f3eb\U0001f3a8\U0001f527\U0001f692")
_CHILDREN = ("\U0001f467", "\U0001f466")
_STYLED = ("\u2764", "\u2600", "\u2602", "\u2708", "\u260e", "\u270f", "\u2709", "\u2744", "\u26f0", "\u2660", "\u263a")


@lookalike("emoji")
def emoji_sequences(rng: random.Random, carriers: Sequence[Example]) -> Draft:
    """Families and professions (joiners), pictures with variation selectors, keycaps, flags of nations and (tags) regions."""
    letters = rng.choice(("DE", "FR", "JP", "BR", "IN", "KE", "UA", "KR", "MX", "CA", "TR", "GR"))
    region = rng.choice(("gbeng", "gbsct", "gbwls"))
    sequences = (
        lambda: ZWJ.join((rng.choice(_PEOPLE), rng.choice(_PEOPLE[:2]), *rng.choices(_CHILDREN, k=rng.randint(1, 2)))),
        lambda: f"{rng.choice(_PEOPLE)}{rng.choice(_TONES)}{ZWJ}{rng.choice(_TOOLS)}",
        lambda: f"{rng.choice(_STYLED)}{EMOJI_STYLE}",
        lambda: f"\u2764{EMOJI_STYLE}{ZWJ}\U0001f525",
        lambda: f"\U0001f3f3{EMOJI_STYLE}{ZWJ}\U0001f308",
        lambda: f"{rng.choice('0123456789#*')}{EMOJI_STYLE}\u20e3",
        lambda: "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in letters),
        lambda: "\U0001f3f4" + "".join(chr(TAG_OFFSET + ord(letter)) for letter in region) + chr(TAG_OFFSET + 0x7F),
        lambda: f"\U0001f926{rng.choice(_TONES)}{ZWJ}{rng.choice('♀♂')}{EMOJI_STYLE}",
    )
    return _fill_sentence("emoji", "".join(rng.choice(sequences)() for _ in range(rng.randint(1, 4))), rng)


_KEY_NEIGHBOURS = {
    "a": "sq",
    "b": "vn",
    "c": "xv",
    "d": "sf",
    "e": "wr",
    "f": "dg",
    "g": "fh",
    "h": "gj",
    "i": "uo",
    "j": "hk",
    "k": "jl",
    "l": "k",
    "m": "n",
    "n": "bm",
    "o": "ip",
    "p": "o",
    "r": "et",
    "s": "ad",
    "t": "ry",
    "u": "yi",
    "v": "cb",
    "w": "qe",
    "y": "tu",
}
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
    """Slips of one to three letters in a hundred to one in ten, in the text of a carrier."""
    carrier = rng.choice(carriers)
    return Draft(_mistype(carrier.text, rng), carrier.lang, carrier)


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
