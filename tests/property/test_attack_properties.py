"""Laws that hold for every registered attack and wrapper: purity, totality on any Unicode string, inverses, bounded time."""

import random
import re
import string
import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from src.data.attack_generators import ATTACKS, get_attack
from src.data.attacks import char_injection, homoglyph, spacing, typoglycemia
from src.data.attacks.generate import vary_surface
from src.data.attacks.pools import MAX_PAYLOAD_CHARS, excerpt
from src.data.attacks.wrappers import COVERS, WRAPPERS, Cover, Wrapper
from src.data.schema import Example
from src.errors import ConfigError, DataError
from src.labels import Family, Label
from tests.generated_rows import generate_family

SEEDS = st.integers(0, 2**32 - 1)
# Hebrew and Arabic letters with marks, digits that run the other way, and the marks that set the direction.
RIGHT_TO_LEFT = st.text(alphabet="אבגדהוזשלםابتثجحمرسل\u05b0\u064b\u200e\u200f\u061c 12.,a", max_size=60)
ANY_TEXT = st.one_of(st.text(alphabet=st.characters(exclude_categories=()), max_size=60), RIGHT_TO_LEFT)  # surrogates too
MEGABYTE = "Carry the silver ladder, שלום עולם, под 7 мостов 😀 before morning!\n" * 16_000
MAX_SECONDS = 10  # of processor time for a megabyte; the slowest takes about one
ASCII = st.text(alphabet=string.printable, max_size=60)
LOWER = "abcdefghijklmnopqrstuvwxyz"


def without(chars: str) -> st.SearchStrategy[str]:
    return st.text(alphabet=st.characters(exclude_categories=(), exclude_characters=chars), max_size=60)


def words_of(alphabet: str, *, min_size: int = 0) -> st.SearchStrategy[str]:
    """Words joined by single spaces."""
    return st.lists(st.text(alphabet=alphabet, min_size=1, max_size=8), min_size=min_size, max_size=8).map(" ".join)


def table_glyphs(table: dict[str, str]) -> str:
    return "".join(table.values())


# The texts on which an inverse is exact, as the docstring of the attack says.
CONDITIONS = {
    "flip/fwo": ANY_TEXT.map(lambda text: " ".join(text.split())),
    "flip/fcw": ANY_TEXT,
    "flip/fcs": ANY_TEXT,
    "flip/fmm": ANY_TEXT,
    "code_chameleon/reverse": ANY_TEXT,
    "code_chameleon/odd_even": ANY_TEXT,
    "code_chameleon/length": ANY_TEXT,
    "code_chameleon/binary_tree": ANY_TEXT,
    "encoding/base64": ANY_TEXT,
    "encoding/base32": ANY_TEXT,
    "encoding/hex": ANY_TEXT,
    "encoding/url": ANY_TEXT,
    "encoding/html": ANY_TEXT,
    "encoding/unicode_escape": ANY_TEXT,
    "encoding/rot13": ANY_TEXT,
    "encoding/binary": ANY_TEXT,
    "encoding/atbash": ANY_TEXT,
    "encoding/decimal": ANY_TEXT.filter(bool),
    "encoding/octal": ANY_TEXT.filter(bool),
    "encoding/quoted_printable": ANY_TEXT,
    "encoding/base85": ANY_TEXT,
    "encoding/morse": words_of(string.ascii_uppercase + string.digits),
    "homoglyph/cyrillic": without(table_glyphs(homoglyph.script_table("CYRILLIC"))),
    "homoglyph/greek": without(table_glyphs(homoglyph.script_table("GREEK"))),
    "homoglyph/cherokee": without(table_glyphs(homoglyph.script_table("CHEROKEE"))),
    "homoglyph/lookalikes": without(table_glyphs(homoglyph.lookalike_table())),
    "homoglyph/styled": st.text(alphabet=LOWER + string.digits + " .,!\u00e9", max_size=60),
    "homoglyph/fullwidth": without(table_glyphs(homoglyph.fullwidth_table())),
    "homoglyph/mathematical": without(table_glyphs(homoglyph.mathematical_table())),
    "homoglyph/mixed": ASCII,
    "char_injection/zero_width": without(char_injection.ZERO_WIDTH),
    "char_injection/soft_hyphen": without(char_injection.SOFT_HYPHEN),
    "char_injection/bidi": without(char_injection.BIDI),
    "char_injection/tags": without("\x01\x7f" + "".join(map(chr, range(0xE0000, 0xE0080)))),
    "char_injection/variation_selectors": ANY_TEXT,
    "char_injection/sneaky_bits": ANY_TEXT,
    "char_injection/combining_marks": without(char_injection.COMBINING),
    "char_injection/blanks": without(char_injection.BLANKS),
    "char_injection/unseen": without(char_injection.UNSEEN),
    "char_injection/strokes": without(char_injection.STROKES),
    "char_injection/symbols": without(spacing.EMOJI + spacing.SYMBOLS),
    "char_injection/line_breaks": without("\n"),
    "char_injection/separators": words_of(string.ascii_letters + "é你").map(lambda text: f"{text} two"),
    "typoglycemia/doubled": words_of(LOWER),
    "typoglycemia/leet": st.text(alphabet=LOWER + " ,\n", max_size=60),
    "typoglycemia/upside_down": ASCII,
    "other_cipher/nato": words_of(LOWER),
    "other_cipher/braille": st.text(alphabet=LOWER + string.digits + " .,!\u00e9", max_size=60),
}


@pytest.mark.parametrize("name", sorted(ATTACKS))  # a new attack is tested by registering it
@settings(max_examples=40, deadline=None)
@given(text=ANY_TEXT, seed=SEEDS)
@example(text="", seed=0)
@example(text=" ", seed=0)
@example(text="\ud800", seed=1)
@example(text="\u202eשלום\u202c abc", seed=1)
@example(text="a\ud83d\ude00\udc00 b", seed=1)
@example(text="Carry the ladder, please & 50% more \\u0041 &#65;!", seed=2)
def test_every_attack_is_a_pure_and_total_function_of_text_and_seed(name, text, seed):
    apply = ATTACKS[name].apply
    state = random.getstate()
    first = apply(text, random.Random(seed))
    assert isinstance(first, str)
    assert apply(text, random.Random(seed)) == first
    assert random.getstate() == state
    if not text:
        assert first in ("", "[{'': 0}]", "{'value': '', 'left': None, 'right': None}")


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_a_megabyte_takes_seconds(name):
    assert len(MEGABYTE.encode()) > 2**20
    start = time.process_time()
    assert ATTACKS[name].apply(MEGABYTE, random.Random(1)) != MEGABYTE
    assert time.process_time() - start < MAX_SECONDS


@pytest.mark.parametrize("name", sorted(ATTACKS))
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_name_with_a_typo_is_answered_with_the_right_one(name, data):
    place = data.draw(st.integers(0, len(name) - 1))
    typo = name[:place] + data.draw(st.sampled_from(["", "x"])) + name[place + 1 :]
    assume(typo not in ATTACKS)
    with pytest.raises(ConfigError) as error:
        get_attack(typo)
    assert name in str(error.value)


@pytest.mark.parametrize("wrapper", [*WRAPPERS.values(), *COVERS.values()], ids=lambda wrapper: wrapper.id)
@settings(max_examples=10, deadline=None)
@given(text=ANY_TEXT, seed=SEEDS)
@example(text="{text} {code} {demo} {0} {{}}", seed=0)
@example(text="\\1 \\g<0>", seed=0)
def test_a_wrapper_is_pure_and_keeps_what_it_stands_around(wrapper: Wrapper | Cover, text, seed):
    attack = next(each for each in ATTACKS.values() if isinstance(wrapper, Cover) or wrapper.fits(each))
    wrapped, (start, end) = wrapper.render(text, attack, random.Random(seed))
    assert wrapped[start:end] == text
    assert (wrapped, (start, end)) == wrapper.render(text, attack, random.Random(seed))


def test_every_inverse_has_a_condition_to_be_tested_under():
    assert set(CONDITIONS) == {name for name, attack in ATTACKS.items() if attack.invert is not None}


@pytest.mark.parametrize("name", sorted(CONDITIONS))
@settings(max_examples=60, deadline=None)
@given(data=st.data(), seed=SEEDS)
def test_inverses_give_the_text_back(name, data, seed):
    text = data.draw(CONDITIONS[name])
    attack = ATTACKS[name]
    assert attack.invert(attack.apply(text, random.Random(seed))) == text


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet=LOWER + " ", min_size=12, max_size=60), seed=SEEDS)
def test_letters_survive_shuffling_and_case(text, seed):
    for name in ("typoglycemia/shuffle", "typoglycemia/swap", "typoglycemia/random_case"):
        assert sorted(ATTACKS[name].apply(text, random.Random(seed)).lower()) == sorted(text)


@settings(max_examples=60, deadline=None)
@given(text=ASCII, seed=SEEDS)
def test_fullwidth_and_mathematical_text_normalises_to_the_original(text, seed):
    for name in ("homoglyph/fullwidth", "homoglyph/mathematical"):
        assert unicodedata.normalize("NFKC", ATTACKS[name].apply(text, random.Random(seed))) == text


@settings(max_examples=60, deadline=None)
@given(text=ANY_TEXT, seed=SEEDS)
def test_insertions_leave_the_text_in_order(text, seed):
    for name in ("char_injection/zero_width", "char_injection/soft_hyphen", "char_injection/combining_marks"):
        made = iter(ATTACKS[name].apply(text, random.Random(seed)))
        assert all(char in made for char in text)  # a subsequence: `in` consumes the iterator


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("ab .!?\n"), max_size=120), limit=st.integers(5, 60))
def test_an_excerpt_is_a_short_start_of_the_text(text, limit):
    part = excerpt(text, limit)
    assume(part is not None)
    assert len(part) <= limit and text.strip().startswith(part.strip())
    assert limit <= MAX_PAYLOAD_CHARS


@settings(max_examples=60, deadline=None)
@given(text=ANY_TEXT, seed=SEEDS)
def test_varying_the_surface_is_pure_and_total(text, seed):
    assert vary_surface(text, random.Random(seed)) == vary_surface(text, random.Random(seed))


def test_leet_signs_are_distinct():
    signs = "".join(typoglycemia.LEET.values())
    assert len(signs) == len(set(signs))


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=6), family=st.sampled_from(sorted({name.split("/")[0] for name in ATTACKS})))
def test_any_texts_give_rows_or_an_error_that_counts_them(texts, family):
    goals = [
        Example(text=text, label=Label.JAILBREAK, family=Family.UNKNOWN, source="any", group=str(number))
        for number, text in enumerate(texts)
    ]
    benign = [replace(goal, label=Label.BENIGN, family=Family.NONE) for goal in goals]
    names = [name for name in sorted(ATTACKS) if name.startswith(family)]
    try:
        rows = generate_family(family, goals, benign, count=8, twin_count=8, seed=1, attacks=names)
    except DataError as error:
        assert re.search(r"made \d+ of 8 rows", str(error))
        return
    for row in rows:
        start, end = row.core
        assert row.payload.strip() and row.text[start:end] != row.payload
