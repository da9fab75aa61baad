"""The character table is part of every trained model: what it promises, and that it has not moved."""

import hashlib
from itertools import combinations

import numpy as np
import pytest

from src.text.chars import (
    BUCKETS,
    CHAR_VOCAB_SIZE,
    FIRST_BUCKET_ID,
    NUM_CODE_POINTS,
    PAD,
    TABLE_VERSION,
    char_ids_of,
    code_points_of,
)

TABLE_SHA256 = {1: "c623ef499acdc6bd3281f69521804df7c6a20cba3546ce47422fcf836580ddb5"}


def ids(text: str) -> list[int]:
    return char_ids_of(code_points_of(text)).tolist()


def bucket_of(character: str) -> str:
    edges = np.cumsum([FIRST_BUCKET_ID, *(slots for _, slots, _ in BUCKETS)])
    index = int(np.searchsorted(edges, ids(character)[0], side="right")) - 1
    return BUCKETS[index][0] if index >= 0 else "ascii"


def test_the_table_has_not_moved():
    table = char_ids_of(np.arange(NUM_CODE_POINTS)).astype("<i2")
    assert hashlib.sha256(table.tobytes()).hexdigest() == TABLE_SHA256[TABLE_VERSION], (
        "every trained model depends on this table: raise TABLE_VERSION, pin the new digest and retrain"
    )


def test_every_code_point_has_an_id_and_padding_is_no_character():
    table = char_ids_of(np.arange(NUM_CODE_POINTS))
    assert table.shape == (NUM_CODE_POINTS,)
    assert table.min() > PAD == 0
    assert table.max() < CHAR_VOCAB_SIZE


def test_ascii_is_one_to_one_and_shares_no_id():
    table = char_ids_of(np.arange(NUM_CODE_POINTS))
    assert len(set(table[:128].tolist())) == 128
    assert not set(table[:128].tolist()) & set(table[128:].tolist())


def test_every_bucket_is_used_and_keeps_its_ids_to_itself():
    assert len({name for name, _, _ in BUCKETS}) == len(BUCKETS)
    in_use = set(char_ids_of(np.arange(NUM_CODE_POINTS)).tolist())
    expected = FIRST_BUCKET_ID + sum(slots for _, slots, _ in BUCKETS)
    assert in_use == set(range(1, expected))


@pytest.mark.parametrize(
    ("latin", "look_alike"),
    [
        ("a", "\u0430"),
        ("e", "\u0435"),
        ("o", "\u03bf"),
        ("p", "\u0440"),
        ("A", "\u0391"),
        ("B", "\u13f4"),
        ("a", "\uff41"),
        ("a", "\U0001d41a"),
        ("a", "\u24d0"),
        ("-", "\u2010"),
        (" ", "\u00a0"),
        ("i", "\u0131"),
    ],
)
def test_a_look_alike_differs_from_what_it_imitates(latin, look_alike):
    assert ids(latin) != ids(look_alike)


@pytest.mark.parametrize(
    ("character", "bucket"),
    [
        ("a", "ascii"),
        ("\u00e9", "latin_1"),
        ("\u0159", "latin_extended"),
        ("\u0301", "combining"),
        ("\u03b1", "greek"),
        ("\u0430", "cyrillic"),
        ("\u05d0", "hebrew"),
        ("\u0627", "arabic"),
        ("\u0915", "devanagari"),
        ("\u0e01", "thai_lao"),
        ("\ud55c", "hangul"),
        ("\u3042", "kana"),
        ("\u30a2", "kana"),
        ("\u6f22", "han"),
        ("\U00020000", "han"),
        ("\uff21", "fullwidth"),
        ("\U0001d400", "mathematical_letter"),
        ("\U0001d7ce", "mathematical_digit"),
        ("\u24b6", "enclosed_letter"),
        ("\U0001f1e6", "enclosed_letter"),
        ("\U0001f600", "emoji"),
        ("\u2603", "symbol"),
        ("\u00a0", "space"),
        ("\u3000", "space"),
        ("\u00ad", "soft_hyphen"),
        ("\u200b", "zero_width_space"),
        ("\u200c", "zero_width_non_joiner"),
        ("\u200d", "zero_width_joiner"),
        ("\u2060", "word_joiner"),
        ("\ufeff", "byte_order_mark"),
        ("\u2062", "invisible_operator"),
        ("\u200f", "bidi_mark"),
        ("\u202e", "bidi_override"),
        ("\u2066", "bidi_isolate"),
        ("\ufe00", "variation_selector"),
        ("\ufe0f", "presentation_selector"),
        ("\U000e0100", "variation_selector_supplement"),
        ("\U000e0041", "tag"),
        ("\ue000", "private_use"),
        ("\U0010fffd", "private_use"),
        ("\ud800", "surrogate"),
        ("\udfff", "surrogate"),
        ("\u1200", "other"),
    ],
)
def test_characters_lie_in_their_bucket(character, bucket):
    assert bucket_of(character) == bucket


@pytest.mark.parametrize(
    "letter_e",
    [
        "\U0001d404\U0001d41e\U0001d452\U0001d4ee\U0001d556\U0001d68e",
        "\u24a0\u24ba\u24d4\U0001f134\U0001f154\U0001f174",
        "\uff25\uff45",
        "\u0415\u0435",
        "\u0395\u03b5",
        "\u00c9\u00e9",
    ],
)
def test_one_letter_has_one_id_in_every_case_and_style(letter_e):
    assert len(set(ids(letter_e))) == 1


def test_neighbouring_letters_of_a_script_differ():
    for alphabet in ("".join(map(chr, range(0x430, 0x450))), "".join(map(chr, range(0x1D41A, 0x1D434)))):
        assert all(a != b for a, b in combinations(ids(alphabet), 2))


def test_code_points_of_any_string():
    assert code_points_of("a\U0001f600\ud800\x00").tolist() == [0x61, 0x1F600, 0xD800, 0]
    assert ids("") == []
