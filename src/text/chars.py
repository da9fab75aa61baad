"""The character table: every Unicode code point has one of 511 ids, 0 is padding. No training, no data files.

ASCII is one to one (code point + 1). Every other code point belongs to a bucket (script, class of symbols or class of
invisible characters) that has a few ids of its own; its id is the offset in its range modulo their number. Therefore:
- a character outside ASCII never shares an id with ASCII: a Cyrillic letter cannot look like the Latin it imitates;
- 32 ids where upper and lower case are 32 code points apart, and 26 ids for runs of A-Z, give a letter one id in every case
  and style: a bold, a script and a double-struck mathematical e share one id, and so do a circled and a squared e;
- a character that training did not see has the ids of its bucket.

Every trained model depends on the table, so changing it breaks them; TABLE_VERSION and a pinned digest guard it. The
ranges are written out because `unicodedata` changes with the Python version.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np

TABLE_VERSION = 1
PAD = 0
NUM_CODE_POINTS = 0x110000

_SURROGATE = re.compile("[\ud800-\udfff]")

_Ranges = tuple[tuple[int, int], ...]  # inclusive

# name, number of ids, ranges. Later buckets overwrite earlier ones, so single characters follow the block they lie in.
# The order of the buckets is the order of their ids, from FIRST_BUCKET_ID.
BUCKETS: tuple[tuple[str, int, _Ranges], ...] = (
    ("other", 6, ((0x80, 0x10FFFF),)),
    ("c1_control", 1, ((0x80, 0x9F),)),
    ("latin_1", 16, ((0xA0, 0xBF), (0xC0, 0xDF), (0xE0, 0xFF))),
    ("latin_extended", 16, ((0x100, 0x24F), (0x2C60, 0x2C7F), (0xA720, 0xA7FF), (0xAB30, 0xAB6F), (0xFB00, 0xFB06))),
    ("latin_additional", 8, ((0x1E00, 0x1EFF),)),
    ("phonetic", 4, ((0x250, 0x2FF), (0x1D00, 0x1DBF))),
    ("combining", 4, ((0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))),
    ("greek", 32, ((0x370, 0x3FF), (0x1F00, 0x1FFF))),
    ("cyrillic", 32, ((0x400, 0x52F), (0x1C80, 0x1C8F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F))),
    ("armenian_georgian", 6, ((0x530, 0x58F), (0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F))),
    ("hebrew", 8, ((0x590, 0x5FF), (0xFB1D, 0xFB4F))),
    ("arabic", 16, ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFE))),
    ("right_to_left_other", 2, ((0x700, 0x74F), (0x780, 0x89F), (0x10800, 0x10FFF), (0x1E800, 0x1EFFF))),
    ("devanagari", 8, ((0x900, 0x97F), (0xA8E0, 0xA8FF))),
    ("indic_other", 6, ((0x980, 0xDFF),)),
    ("thai_lao", 8, ((0xE00, 0xEFF),)),
    ("hangul", 8, ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF))),
    ("cherokee", 4, ((0x13A0, 0x13FF), (0xAB70, 0xABBF))),
    ("kana", 8, ((0x3040, 0x309F), (0x30A0, 0x30FF), (0x31F0, 0x31FF), (0x1AFF0, 0x1B16F))),
    ("bopomofo", 1, ((0x3100, 0x312F), (0x31A0, 0x31BF))),
    ("han", 12, ((0x2E80, 0x2FDF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))),
    ("cjk_punctuation", 2, ((0x3001, 0x303F), (0x3200, 0x33FF), (0xFE10, 0xFE1F), (0xFE30, 0xFE4F))),
    ("punctuation", 8, ((0x2010, 0x2027), (0x2030, 0x205E), (0x2E00, 0x2E7F))),
    ("super_subscript", 4, ((0x2070, 0x209F),)),
    ("currency", 1, ((0x20A0, 0x20CF),)),
    ("letterlike", 6, ((0x2100, 0x214F),)),
    ("number_form", 2, ((0x2150, 0x218F),)),
    ("arrow", 1, ((0x2190, 0x21FF), (0x27F0, 0x27FF), (0x2900, 0x297F))),
    ("mathematical_operator", 2, ((0x2200, 0x22FF), (0x27C0, 0x27EF), (0x2980, 0x2AFF))),
    ("technical", 1, ((0x2300, 0x245F),)),
    ("enclosed_other", 4, ((0x2460, 0x24FF), (0x1F100, 0x1F1E5))),
    (
        "enclosed_letter",  # parenthesised, circled, squared and regional indicators, each a run of A-Z
        26,
        (
            (0x249C, 0x24B5),
            (0x24B6, 0x24CF),
            (0x24D0, 0x24E9),
            (0x1F110, 0x1F129),
            (0x1F130, 0x1F149),
            (0x1F150, 0x1F169),
            (0x1F170, 0x1F189),
            (0x1F1E6, 0x1F1FF),
        ),
    ),
    ("box_and_shape", 2, ((0x2500, 0x25FF),)),
    ("symbol", 4, ((0x2600, 0x27BF), (0x2B00, 0x2BFF))),
    ("braille", 4, ((0x2800, 0x28FF),)),
    ("fullwidth", 32, ((0xFE50, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6))),
    ("halfwidth", 2, ((0xFF61, 0xFFDF),)),
    ("mathematical_letter", 26, ((0x1D400, 0x1D6A3), (0x1D6A4, 0x1D7CD))),  # 13 styles of A-Z a-z, then Greek
    ("mathematical_digit", 10, ((0x1D7CE, 0x1D7FF),)),  # 5 styles of 0-9
    ("emoji", 8, ((0x1F000, 0x1F0FF), (0x1F200, 0x1FAFF))),
    ("replacement", 1, ((0xFFFC, 0xFFFD),)),
    (
        "space",
        1,
        ((0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
    ),
    ("line_separator", 1, ((0x85, 0x85), (0x2028, 0x2029))),
    # Invisible characters. The normaliser of bert-base-uncased deletes most of them.
    ("soft_hyphen", 1, ((0xAD, 0xAD),)),
    ("zero_width_space", 1, ((0x200B, 0x200B),)),
    ("zero_width_non_joiner", 1, ((0x200C, 0x200C),)),
    ("zero_width_joiner", 1, ((0x200D, 0x200D),)),
    ("word_joiner", 1, ((0x2060, 0x2060),)),
    ("byte_order_mark", 1, ((0xFEFF, 0xFEFF),)),
    ("invisible_operator", 2, ((0x2061, 0x2064),)),
    (
        "blank_filler",  # grapheme joiner, Hangul fillers, Khmer inherent vowels, empty braille pattern
        1,
        ((0x34F, 0x34F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x2800, 0x2800), (0x3164, 0x3164), (0xFFA0, 0xFFA0)),
    ),
    ("bidi_mark", 1, ((0x61C, 0x61C), (0x200E, 0x200F))),
    ("bidi_override", 1, ((0x202A, 0x202E),)),
    ("bidi_isolate", 1, ((0x2066, 0x2069),)),
    (
        "format_other",  # deprecated, interlinear, shorthand and musical format characters, unassigned ignorables
        1,
        (
            (0x2065, 0x2065),
            (0x206A, 0x206F),
            (0xFFF0, 0xFFFB),
            (0x13430, 0x1343F),
            (0x1BCA0, 0x1BCA3),
            (0x1D173, 0x1D17A),
            (0xE0080, 0xE00FF),
            (0xE01F0, 0xE0FFF),
        ),
    ),
    ("variation_selector", 2, ((0x180B, 0x180F), (0xFE00, 0xFE0D))),
    ("presentation_selector", 2, ((0xFE0E, 0xFE0F),)),  # text or emoji; common in ordinary text
    ("variation_selector_supplement", 2, ((0xE0100, 0xE01EF),)),
    ("tag", 8, ((0xE0000, 0xE007F),)),
    ("private_use", 1, ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))),
    ("surrogate", 1, ((0xD800, 0xDFFF),)),
)

CHAR_VOCAB_SIZE = 512
NUM_ASCII = 0x80
FIRST_BUCKET_ID = 1 + NUM_ASCII


@cache
def _table() -> np.ndarray:
    """Code point -> id, (0x110000,) int16."""
    table = np.empty(NUM_CODE_POINTS, dtype=np.int16)
    table[:NUM_ASCII] = np.arange(1, NUM_ASCII + 1)
    base = FIRST_BUCKET_ID
    for _, slots, ranges in BUCKETS:
        ids = np.arange(base, base + slots, dtype=np.int16)
        for first, last in ranges:
            size = last + 1 - first
            table[first : last + 1] = np.tile(ids, -(-size // slots))[:size]
        base += slots
    assert base <= CHAR_VOCAB_SIZE, f"{base} ids do not fit in {CHAR_VOCAB_SIZE}"
    table.setflags(write=False)
    return table


def replace_lone_surrogates(text: str) -> str:
    """Replace every lone surrogate (U+D800 to U+DFFF), such as a truncated "\\ud83d" in JSON, with U+FFFD.

    A text with lone surrogates cannot be written as UTF-8, and the tokenizers library refuses it. Positions do not change.
    """
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def code_points_of(text: str) -> np.ndarray:
    """The code points of any string, lone surrogates included, (N,) uint32."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def char_ids_of(code_points: np.ndarray) -> np.ndarray:
    """Ids of code points: (N,) integers below 0x110000 -> (N,) int16 in [1, 511]; 0 is reserved for padding."""
    return _table()[code_points]


def is_blank(text: str) -> bool:
    """Whether a text is empty or white space: there is nothing in it to judge."""
    return not text.strip()
