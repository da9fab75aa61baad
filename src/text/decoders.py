"""Decoders of the notations that hide text: functions from text to text, shared by the attack generators and by the views.
Bytes are UTF-8 with `surrogatepass`, so that every Python string can be encoded and decoded without loss.

Each decoder raises ValueError (UnicodeDecodeError and binascii.Error are ValueErrors) on a text that is not in its notation.
"""

from __future__ import annotations

import base64
import re
import string
import urllib.parse

# International Morse code, ITU-R M.1677-1.
_MORSE_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,?'!/()&:;=+-_\"$@"
_MORSE_CODES = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----. .-.-.- --..-- ..--.. .----. -.-.-- -..-. -.--. "
    "-.--.- .-... ---... -.-.-. -...- .-.-. -....- ..--.- .-..-. ...-..- .--.-."
)
MORSE = dict(zip(_MORSE_CHARS, _MORSE_CODES.split(), strict=True))
FROM_MORSE = {code: char for char, code in MORSE.items()}

# ITU Radio Regulations, Appendix 14.
_NATO_WORDS = (
    "alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec "
    "romeo sierra tango uniform victor whiskey xray yankee zulu"
)
NATO = {word[0]: word for word in _NATO_WORDS.split()}
FROM_NATO = {word: letter for letter, word in NATO.items()}

# Dots of the Braille cells of a to z; dot n is bit n - 1 of U+2800..28FF.
_BRAILLE_DOTS = "1 12 14 145 15 124 1245 125 24 245 13 123 134 1345 135 1234 12345 1235 234 2345 136 1236 2456 1346 13456 1356"
BRAILLE = {
    chr(ord("a") + place): chr(0x2800 + sum(1 << (int(dot) - 1) for dot in dots))
    for place, dots in enumerate(_BRAILLE_DOTS.split())
}
_FROM_BRAILLE = {ord(cell): letter for letter, cell in BRAILLE.items()}

UPRIGHT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,'?!()[]{}<>&_"
TURNED = "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz∀ꓭƆᗡƎℲ⅁HIſꓘ⅂WNOԀΌᴚS⊥∩ΛMX⅄Z0ƖᄅƐㄣϛ9ㄥ86˙',¿¡)(][}{><⅋‾"
_TURN_BACK = str.maketrans(TURNED, UPRIGHT)

TAG_OFFSET = 0xE0000
TAG_BEGIN, TAG_END = "\U000e0001", "\U000e007f"  # language tag, cancel tag: some tools frame the hidden text with them
_FROM_TAG = {TAG_OFFSET + code: chr(code) for code in range(0x80)}
BIT_CHARS = "\u2062\u2064"  # invisible times = 0, invisible plus = 1
RLO, PDF = "\u202e", "\u202c"  # right-to-left override, pop directional formatting
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_DROP_BIDI = dict.fromkeys(map(ord, BIDI))


def to_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def from_bytes(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def from_base64(text: str) -> str:
    """The standard or the URL-safe alphabet, with or without padding and line breaks."""
    compact = re.sub(r"\s", "", text).translate(_URL_SAFE).rstrip("=")
    return from_bytes(base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True))


_URL_SAFE = str.maketrans("-_", "+/")


def from_base32(text: str) -> str:
    return from_bytes(base64.b32decode(text))


def from_hex(text: str) -> str:
    r"""'6e6f', '6e 6f', '6E:6F', '\x6e\x6f' or '0x6e, 0x6f'."""
    return from_bytes(bytes.fromhex(re.sub(r"\\x|0x|[,:]", " ", text)))


def from_url(text: str) -> str:
    return urllib.parse.unquote(text, errors="surrogatepass")


def from_html(text: str) -> str:
    """Numeric entities to characters. html.unescape would replace control characters and surrogates."""
    return re.sub(
        r"&#(?:[xX]([0-9a-fA-F]{1,6})|(\d{1,7}));", lambda m: _character(int(m[1], 16) if m[1] else int(m[2]), m[0]), text
    )


def _character(code_point: int, default: str) -> str:
    return chr(code_point) if code_point < 0x110000 else default


def from_unicode_escape(text: str) -> str:
    r"""'\u006e' and '\U0001f600' to characters (RFC 8259 and Python)."""
    return re.sub(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})", lambda m: _character(int(m[1] or m[2], 16), m[0]), text)


def from_binary(text: str) -> str:
    bits = re.sub(r"\s", "", text)
    return from_bytes(bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits), 8)))


def _from_numbers(text: str, base: int) -> str:
    """Decode the numbers in a text, with any separators: as UTF-8 bytes where they are valid, else as code points."""
    codes = [int(digits, base) for digits in re.findall(r"[0-9]+", text)]
    if not codes or max(codes) >= 0x110000:
        raise ValueError("not a run of character codes")
    if max(codes) > 0xFF:
        return "".join(map(chr, codes))
    try:
        return from_bytes(bytes(codes))
    except ValueError:
        return "".join(map(chr, codes))


def from_decimal(text: str) -> str:
    """'110 111' or '110, 111' -> 'no'."""
    return _from_numbers(text, 10)


def from_octal(text: str) -> str:
    r"""'156 157', '\156\157' or '0o156, 0o157' -> 'no'."""
    return _from_numbers(text.replace("0o", ""), 8)


def from_quoted_printable(text: str) -> str:
    """'=6E=6F' -> 'no' (RFC 2045, 6.7); a final '=' joins a line with the next. Everything else stays."""
    joined = re.sub(r"=[ \t]*\r?\n", "", text)
    return re.sub(r"(?:=[0-9A-Fa-f]{2})+", lambda run: from_bytes(bytes.fromhex(run[0].replace("=", ""))), joined)


_B85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_FROM_Z85 = str.maketrans("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#", _B85)


def from_base85(text: str) -> str:
    """The alphabet of RFC 1924, which git and Python use."""
    return from_bytes(base64.b85decode(text))


def from_ascii85(text: str) -> str:
    """Adobe's alphabet, with or without its frame <~ ~>."""
    body = text.removeprefix("<~").removesuffix("~>")
    return from_bytes(base64.a85decode(body))


def from_z85(text: str) -> str:
    """ZeroMQ's alphabet (RFC 32)."""
    return from_bytes(base64.b85decode(text.translate(_FROM_Z85)))


def caesar(text: str, shift: int) -> str:
    """Shift ASCII letters by `shift` places in the alphabet; `caesar(_, -shift)` is the inverse."""
    lower, upper, shift = string.ascii_lowercase, string.ascii_uppercase, shift % 26
    shifted = lower[shift:] + lower[:shift] + upper[shift:] + upper[:shift]
    return text.translate(str.maketrans(lower + upper, shifted))


def atbash(text: str) -> str:
    """Mirror ASCII letters in the alphabet, a for z; its own inverse."""
    return text.translate(_MIRRORED)


_MIRRORED = str.maketrans(
    string.ascii_lowercase + string.ascii_uppercase, string.ascii_lowercase[::-1] + string.ascii_uppercase[::-1]
)


def rot13(text: str) -> str:
    return caesar(text, 13)


def from_morse(text: str) -> str:
    """Letters separated by spaces, words by ' / '. Tokens without a Morse code stay."""
    return " ".join("".join(FROM_MORSE.get(code, code) for code in word.split(" ")) for word in text.split(" / "))


def from_nato(text: str) -> str:
    """Spelling words separated by spaces, words by ' / '. Other tokens stay."""
    return " ".join("".join(FROM_NATO.get(word, word) for word in run.split(" ")) for run in text.split(" / "))


def from_braille(text: str) -> str:
    return text.translate(_FROM_BRAILLE)


def from_upside_down(text: str) -> str:
    return text[::-1].translate(_TURN_BACK)


def from_tags(text: str) -> str:
    """Map tag characters U+E0000..E007F to their ASCII characters; drop a frame of begin and end tags."""
    framed = re.fullmatch(f"{TAG_BEGIN}(.*){TAG_END}", text, re.DOTALL)
    hidden = framed[1] if framed else text
    return hidden.translate(_FROM_TAG)


def from_variation_selectors(text: str) -> str:
    """The bytes that the variation selectors carry (0..15 U+FE00.., 16..255 U+E0100..); other characters are ignored."""
    codes = (ord(char) for char in text)
    return from_bytes(
        bytes(
            code - 0xFE00 if code < 0xFE10 else code - 0xE0100 + 16
            for code in codes
            if 0xFE00 <= code < 0xFE10 or 0xE0100 <= code < 0xE01F0
        )
    )


def from_sneaky_bits(text: str) -> str:
    """Decode eight invisible characters to a byte; other characters are ignored."""
    bits = "".join(str(BIT_CHARS.index(char)) for char in text if char in BIT_CHARS)
    return from_bytes(bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits), 8)))


def from_bidi(text: str) -> str:
    """The text as displayed: reverse runs under a right-to-left override, drop all controls."""
    displayed = re.sub(f"{RLO}([^{PDF}]*){PDF}?", lambda run: run[1][::-1], text)
    return displayed.translate(_DROP_BIDI)


def reverse_text(text: str) -> str:
    return text[::-1]


def reverse_letters(text: str) -> str:
    """Reverse each word; words and white space stay in place."""
    return re.sub(r"\S+", lambda word: word[0][::-1], text)


def reverse_words(text: str) -> str:
    """The words in reverse order, joined by single spaces."""
    return " ".join(reversed(text.split()))


def reverse_split(text: str) -> str:
    """The parts between single spaces, in reverse order."""
    return " ".join(reversed(text.split(" ")))


def from_odd_even(text: str) -> str:
    """Words 1, 3, 5, ... 2, 4, 6, ... back into their order. Words are separated by single spaces."""
    words = text.split(" ")
    half = (len(words) + 1) // 2
    restored = [""] * len(words)
    restored[::2], restored[1::2] = words[:half], words[half:]
    return " ".join(restored)


_STRING = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_INDEXED_WORD = re.compile(rf"\{{\s*({_STRING}):\s*(\d{{1,6}})\s*\}}", re.DOTALL)
_TREE_TOKEN = re.compile(rf"['\"]value['\"]:\s*({_STRING})|\b(None|null)\b", re.DOTALL)
MAX_TREE_DEPTH = 64
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def _unquote(literal: str) -> str:
    """The value of a quoted Python or JSON string. ast.literal_eval is not used: its cost on hostile text is not bounded."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    return re.sub(
        r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))",
        lambda m: _ESCAPES.get(m[4], m[4]) if m[4] is not None else _character(int(m[1] or m[2] or m[3], 16), m[0]),
        body,
        flags=re.DOTALL,
    )


def from_length(text: str) -> str:
    """Restore the words of a list of {word: original position}."""
    words = {int(position): _unquote(word) for word, position in _INDEXED_WORD.findall(text)}
    if not words or len(words) != max(words) + 1:
        raise ValueError("not a list of words with each of their places")
    return " ".join(words[position] for position in range(len(words)))


def from_binary_tree(text: str) -> str:
    """The words of nested {value, left, right} maps, in order. Maps print a value before its left and right branch."""
    tokens = _TREE_TOKEN.finditer(text)
    words: list[str] = []

    def walk(depth: int) -> None:
        token = next(tokens, None)
        if token is None or depth > MAX_TREE_DEPTH:
            raise ValueError("not a whole tree of value, left and right")
        if token[2]:
            return
        walk(depth + 1)
        words.append(_unquote(token[1]))
        walk(depth + 1)

    walk(0)
    if not words:
        raise ValueError("the tree holds no word")
    return " ".join(words)


def from_separators(text: str) -> str:
    """'a b   c d' or 'a.b c.d' -> 'ab cd'."""
    if len(text) > 1 and set(text[1::2]) == {" "}:  # spaces stand between all characters, also between spaces
        return text[::2]
    return re.sub(r"\S+", lambda word: word[0][::2], text)


def from_doubled(text: str) -> str:
    """'ddoo' -> 'do': one letter of each pair of equal letters, ignoring case."""
    return re.sub(r"([^\W\d_])\1", r"\1", text, flags=re.IGNORECASE)
