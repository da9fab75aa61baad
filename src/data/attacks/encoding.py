"""Texts in another notation: byte encodings, escapes, letter shifts, Morse (arXiv 2307.02483, 2308.06463).

The inverses are in src/text/decoders.py, where the views use them too.
"""

from __future__ import annotations

import base64
import random
import re
import string
from collections.abc import Callable

from ...text.decoders import (
    MORSE,
    atbash,
    caesar,
    from_base32,
    from_base64,
    from_base85,
    from_binary,
    from_decimal,
    from_hex,
    from_html,
    from_morse,
    from_octal,
    from_quoted_printable,
    from_unicode_escape,
    from_url,
    rot13,
    to_bytes,
)
from .registry import ATTACKS, attack

CIPHER_REFERENCE = "arXiv:2307.02483"


def to_morse(text: str) -> str:
    """Letters parted by spaces, words by ' / '. Characters without a code stay; a text of only those is unchanged."""
    if not any(char.upper() in MORSE for char in text):
        return text
    return " / ".join(" ".join(MORSE.get(char.upper(), char) for char in word) for word in text.split())


def _draw_share(rng: random.Random) -> float:
    """Share of the characters that an escape replaces: often all, as by a tool, sometimes some, as by hand."""
    return rng.choice((1.0, 1.0, 0.6, 0.3))


def _escape(text: str, rng: random.Random, *, always: str, escape: Callable[[str], str]) -> str:
    """Escape `always` (what the inverse reads as an escape) and a random share of everything else."""
    share = _draw_share(rng)
    return "".join(escape(char) if char in always or rng.random() < share else char for char in text)


@attack("encoding/base64", reference="RFC 4648; arXiv:2307.02483", invert=from_base64)
def encode_base64(text: str, rng: random.Random) -> str:
    """'ignore' -> 'aWdub3Jl'. Inverse on any text."""
    return base64.b64encode(to_bytes(text)).decode("ascii")


@attack("encoding/base32", reference="RFC 4648", held_out=True, invert=from_base32)
def encode_base32(text: str, rng: random.Random) -> str:
    """'ignore' -> 'NFTW433SMU======'. Inverse on any text."""
    return base64.b32encode(to_bytes(text)).decode("ascii")


@attack("encoding/hex", reference=CIPHER_REFERENCE, invert=from_hex)
def encode_hex(text: str, rng: random.Random) -> str:
    r"""'no' -> '6e6f', '6e 6f', '6E 6F', '\x6e\x6f' or '0x6e, 0x6f'. Inverse on any text."""
    pairs = [f"{byte:02x}" for byte in to_bytes(text)]
    style = rng.randrange(5)
    if style == 0:
        return "".join(pairs)
    if style == 1:
        return " ".join(pairs)
    if style == 2:
        return " ".join(pairs).upper()
    if style == 3:
        return "".join(rf"\x{pair}" for pair in pairs)
    return ", ".join(f"0x{pair}" for pair in pairs)


@attack("encoding/url", reference="RFC 3986", invert=from_url)
def encode_url(text: str, rng: random.Random) -> str:
    """'a b' -> '%61%20%62' or 'a%20b'. Unsafe characters always, letters and digits in part. Inverse on any text."""
    share = _draw_share(rng)
    safe = set(string.ascii_letters + string.digits + "-._~")
    return "".join(chr(byte) if chr(byte) in safe and rng.random() >= share else f"%{byte:02X}" for byte in to_bytes(text))


@attack("encoding/html", reference="https://html.spec.whatwg.org/#character-references", invert=from_html)
def encode_html(text: str, rng: random.Random) -> str:
    """'no' -> '&#110;&#111;' or '&#x6e;&#x6f;'. '&' is always escaped. Inverse on any text."""
    form = rng.choice(("&#{:d};", "&#x{:x};"))
    return _escape(text, rng, always="&", escape=lambda char: form.format(ord(char)))


@attack("encoding/unicode_escape", reference="RFC 8259", invert=from_unicode_escape)
def encode_unicode_escape(text: str, rng: random.Random) -> str:
    r"""'no' -> '\u006e\u006f'; beyond U+FFFF '\U0001f600'. The backslash is always escaped. Inverse on any text."""
    return _escape(
        text,
        rng,
        always="\\",
        escape=lambda char: rf"\u{ord(char):04x}" if ord(char) < 0x10000 else rf"\U{ord(char):08x}",
    )


@attack("encoding/rot13", reference=CIPHER_REFERENCE, invert=rot13)
def encode_rot13(text: str, rng: random.Random) -> str:
    """'ignore' -> 'vtaber'. Its own inverse on any text."""
    return rot13(text)


@attack("encoding/caesar", reference="arXiv:2308.06463")
def encode_caesar(text: str, rng: random.Random) -> str:
    """'abc' -> 'def' for a shift of 3. Any shift but 13, which is rot13. The shift is not in the text: no inverse."""
    return caesar(text, rng.choice([shift for shift in range(1, 26) if shift != 13]))


@attack("encoding/binary", reference=CIPHER_REFERENCE, invert=from_binary)
def encode_binary(text: str, rng: random.Random) -> str:
    """'no' -> '01101110 01101111', one time in four without spaces. Inverse on any text."""
    separator = "" if rng.random() < 0.25 else " "
    return separator.join(f"{byte:08b}" for byte in to_bytes(text))


@attack("encoding/morse", reference="arXiv:2308.06463", invert=from_morse)
def encode_morse(text: str, rng: random.Random) -> str:
    """'no' -> '-. ---'. Case is lost: inverse on capitals, digits and single spaces."""
    return to_morse(text)


@attack("encoding/atbash", reference=CIPHER_REFERENCE, invert=atbash)
def encode_atbash(text: str, rng: random.Random) -> str:
    """'ignore' -> 'rtmliv': the alphabet mirrored. Its own inverse on any text."""
    return atbash(text)


@attack("encoding/decimal", reference="arXiv:2308.06463", invert=from_decimal)
def encode_decimal(text: str, rng: random.Random) -> str:
    """'no' -> '110 111' or '110, 111': the bytes. Inverse on texts of at least one character."""
    return rng.choice((" ", ", ")).join(map(str, to_bytes(text)))


@attack("encoding/octal", reference="arXiv:2308.06463", invert=from_octal)
def encode_octal(text: str, rng: random.Random) -> str:
    r"""'no' -> '156 157' or '\156\157': the bytes. Inverse on texts of at least one character."""
    digits = [f"{byte:03o}" for byte in to_bytes(text)]
    return " ".join(digits) if rng.random() < 0.5 else "".join(rf"\{each}" for each in digits)


@attack("encoding/quoted_printable", reference="RFC 2045, 6.7", invert=from_quoted_printable)
def encode_quoted_printable(text: str, rng: random.Random) -> str:
    """'no' -> '=6E=6F'. The sign of equality and what is not ASCII always, everything else in part. Inverse on any text."""
    share = _draw_share(rng)
    return "".join(
        f"={byte:02X}" if byte >= 0x80 or byte in b"=\r\n" or rng.random() < share else chr(byte) for byte in to_bytes(text)
    )


@attack("encoding/base85", reference="RFC 1924", invert=from_base85)
def encode_base85(text: str, rng: random.Random) -> str:
    """'ignore' -> 'X>V?GAYpD': the alphabet of RFC 1924, which git and Python use. Inverse on any text."""
    return base64.b85encode(to_bytes(text)).decode("ascii")


@attack("encoding/span", reference=CIPHER_REFERENCE)
def encode_span(text: str, rng: random.Random) -> str:
    """A run of words, 30 to 80% of the text, in one of the codes above; the rest stays plain."""
    words = list(re.finditer(r"\S+", text))
    if not words:
        return text
    count = max(1, round(rng.uniform(0.3, 0.8) * len(words)))
    first = rng.randrange(len(words) - count + 1)
    start, end = words[first].start(), words[first + count - 1].end()
    code = ATTACKS[rng.choice(_SPAN_CODES)].apply
    return text[:start] + code(text[start:end], rng) + text[end:]


@attack("encoding/nested", reference="arXiv:2504.11168")
def encode_nested(text: str, rng: random.Random) -> str:
    """Two different codes on top of each other, three for short texts (the size multiplies)."""
    depth = 3 if len(text) <= 100 and rng.random() < 0.3 else 2
    for name in rng.sample(_NESTED_CODES, depth):
        text = ATTACKS[name].apply(text, rng)
    return text


# Never a held-out code: otherwise training would contain it through these.
_SPAN_CODES = tuple(f"encoding/{code}" for code in ("base64", "hex", "url", "html", "unicode_escape", "rot13", "binary", "morse"))
_NESTED_CODES = tuple(f"encoding/{code}" for code in ("base64", "hex", "url", "rot13"))
