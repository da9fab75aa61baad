"""Exact output of every transform, and the rows generated with them."""

import ast
import json
import pickle
import random
import re
import string
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import mean

import pytest

from src.data.attack_generators import (
    ATTACKS,
    GeneratedExample,
    attacks_of,
    evaluation_attacks,
    generate_families,
    generated_families,
    get_attack,
    held_out_attacks,
    transform_example,
)
from src.data.attacks import char_injection, encoding, homoglyph, spacing, wrapper_texts
from src.data.attacks import generate as generation
from src.data.attacks.pools import MAX_PAYLOAD_CHARS, build_pool, excerpt, places_of
from src.data.attacks.registry import attack as register
from src.data.attacks.wrappers import (
    COVERS,
    EVALUATION_WRAPPERS,
    INVISIBLE,
    METHODS,
    MISLEADING_RULES,
    TRAIN_WRAPPERS,
    WRAPPERS,
    Wrapper,
    wrappers_for,
)
from src.data.schema import Example
from src.errors import ConfigError, DataError
from src.labels import Family, Label
from tests.generated_rows import generate_family

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT.parent / "shared" / "vectors"
TRAINED_FAMILIES = ["flip", "code_chameleon", "homoglyph", "encoding", "char_injection", "typoglycemia"]
LANGUAGES = {"en", "de", "fr", "es", "ru", "zh", "hi", "ar"}
ALPHABETS = {"cyrillic": "CYRILLIC", "greek": "GREEK", "cherokee": "CHEROKEE"}


def apply(name: str, text: str, seed: int = 0) -> str:
    return ATTACKS[name].apply(text, random.Random(seed))


def outputs(name: str, text: str, seeds: int = 60) -> set[str]:
    return {apply(name, text, seed) for seed in range(seeds)}


def goals(count: int, *, label: Label = Label.JAILBREAK, words: int = 9) -> list[Example]:
    """Distinct texts, each its own group."""
    rng = random.Random(f"{label.name}:{words}")
    sentence = "carry the silver ladder under seven bridges before morning while nobody watches our quiet garden"
    vocabulary = sentence.split()
    return [
        Example(
            text=f"{' '.join(rng.choices(vocabulary, k=words)).capitalize()} {label.name.lower()} {number}.",
            label=label,
            family=Family.NONE if label == Label.BENIGN else Family.HARMFUL_REQUEST,
            source="fixture",
            group=f"{label.name.lower()}-{number}",
            lang="en",
            licence="CC0-1.0",
        )
        for number in range(count)
    ]


GOALS = goals(40)
BENIGN = goals(60, label=Label.BENIGN, words=20)


# ---- exact strings ----


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("flip/fwo", "roses please the Water"),
        ("flip/fcw", "retaW eht esaelp sesor"),
        ("flip/fcs", "sesor esaelp eht retaW"),
        ("flip/fmm", "sesor esaelp eht retaW"),
        ("code_chameleon/reverse", "roses please the Water"),
        ("code_chameleon/odd_even", "Water please the roses"),
        ("code_chameleon/length", "[{'the': 1}, {'Water': 0}, {'roses': 3}, {'please': 2}]"),
        (
            "code_chameleon/binary_tree",
            "{'value': 'the', 'left': {'value': 'Water', 'left': None, 'right': None}, 'right': {'value': 'please', "
            "'left': None, 'right': {'value': 'roses', 'left': None, 'right': None}}}",
        ),
        ("encoding/base64", "V2F0ZXIgdGhlIHBsZWFzZSByb3Nlcw=="),
        ("encoding/base32", "K5QXIZLSEB2GQZJAOBWGKYLTMUQHE33TMVZQ===="),
        ("encoding/rot13", "Jngre gur cyrnfr ebfrf"),
        ("encoding/atbash", "Dzgvi gsv kovzhv ilhvh"),
        ("encoding/base85", "S7CHzav*eQWgu{DWnpt=AaZYWWpe"),
        ("typoglycemia/doubled", "WWaatteerr tthhee pplleeaassee rroosseess"),
        ("encoding/morse", ".-- .- - . .-. / - .... . / .--. .-.. . .- ... . / .-. --- ... . ..."),
        ("typoglycemia/upside_down", "sǝsoɹ ǝsɐǝld ǝɥʇ ɹǝʇɐM"),
        ("other_cipher/pig_latin", "aterWay ethay easeplay osesray"),
    ],
)
def test_transforms_without_chance_give_exactly_this(name, expected):
    assert outputs(name, "Water the please roses", seeds=3) == {expected}


def test_flip_keeps_or_collapses_white_space_as_defined():
    assert apply("flip/fwo", " two\n\tlines  here ") == "here lines two"
    assert apply("flip/fcw", " two\n\tlines  here ") == " owt\n\tsenil  ereh "
    assert apply("flip/fcs", "two\nlines") == "senil\nowt"


def tree(value: str, left: object = None, right: object = None) -> dict:
    return {"value": value, "left": left, "right": right}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("reverse", "two  spaces", "spaces  two"),  # single spaces part words, so an empty word stands between two
        ("reverse", "Ünï 你好\nline", "你好\nline Ünï"),
        ("odd_even", "a b c d e", "a c e b d"),
        ("odd_even", "a b c d", "a c b d"),
        ("length", "bb a cc d", [{"a": 1}, {"d": 3}, {"bb": 0}, {"cc": 2}]),  # ties in order
        ("length", "it's", [{"it's": 0}]),
        ("binary_tree", "a", tree("a")),
        ("binary_tree", "a b", tree("a", None, tree("b"))),
        ("binary_tree", "a b c", tree("b", tree("a"), tree("c"))),
        ("binary_tree", "a b c d", tree("b", tree("a"), tree("c", None, tree("d")))),
    ],
)
def test_code_chameleon_orders_words_as_defined(name, text, expected):
    made = apply(f"code_chameleon/{name}", text)
    assert made == (expected if isinstance(expected, str) else repr(expected))


def test_other_ciphers():
    assert apply("other_cipher/nato", "No b") == "november oscar / bravo"
    assert apply("other_cipher/braille", "no b!") == "\u281d\u2815 \u2803!"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("encoding/hex", "né", {"6ec3a9", "6e c3 a9", "6E C3 A9", r"\x6e\xc3\xa9", "0x6e, 0xc3, 0xa9"}),
        ("encoding/binary", "no", {"01101110 01101111", "0110111001101111"}),
        ("encoding/url", "é&", {"%C3%A9%26"}),
        ("encoding/html", "&", {"&#38;", "&#x26;"}),
        ("encoding/unicode_escape", "\\", {r"\u005c"}),
        ("encoding/decimal", "né", {"110 195 169", "110, 195, 169"}),
        ("encoding/octal", "né", {"156 303 251", r"\156\303\251"}),
        ("encoding/quoted_printable", "é=", {"=C3=A9=3D"}),
        ("char_injection/strokes", "a b", {f"a{stroke} b{stroke}" for stroke in char_injection.STROKES}),
        ("char_injection/joined", "ab c", {"abc", "AbC"}),
        ("char_injection/line_breaks", "tone", {"t\none", "to\nne", "ton\ne", "t-\none", "to-\nne", "ton-\ne"}),
        (
            "char_injection/word_signs",
            "a b",
            {f"a{sign}b" for sign in spacing.WORD_SIGNS} | {f"a {sign} b" for sign in spacing.EMOJI},
        ),
        ("typoglycemia/no_vowels", "Any one", {"ny n", "Any on"}),
        ("homoglyph/styled", "q", {"ꞯ", "q", "⒬", "ⓠ", "🅀", "🅠", "🆀", "🇶"}),
        ("char_injection/separators", "ab c", {"a b   c", "a.b c", "a-b c", "a_b c", "a*b c", "a|b c", "a/b c"}),
        ("typoglycemia/drop", "tone", {"tne", "toe"}),
        ("typoglycemia/swap", "tone", {"tnoe", "toen"}),
        ("typoglycemia/double", "ton", {"tton", "ttton", "toon", "tooon", "tonn", "tonnn"}),
        ("typoglycemia/shuffle", "tone", {"tnoe"}),
        ("typoglycemia/leet", "ai", {"4i", "@i", "a1", "a!", "41", "4!", "@1", "@!"}),
        ("typoglycemia/random_case", "ab", {"ab", "aB", "Ab", "AB"}),
        ("homoglyph/cyrillic", "p", {"\u0440"}),
        ("homoglyph/greek", "v", {"\u03bd"}),
        ("homoglyph/fullwidth", "a", {"\uff41"}),
        ("homoglyph/cherokee", "T", {"\u13a2"}),
        ("char_injection/soft_hyphen", "ab", {"a\u00adb", "ab\u00ad", "a\u00adb\u00ad"}),
        (
            "char_injection/tags",
            "aé b",
            {"\U000e0061é\U000e0020\U000e0062", "\U000e0001\U000e0061é\U000e0020\U000e0062\U000e007f"},
        ),
        ("char_injection/sneaky_bits", "a", {"\u2062\u2064\u2064\u2062\u2062\u2062\u2062\u2064"}),
        ("char_injection/bidi", "\n", {"\n"} | {f"\n{c}" for c in "\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069"}),
    ],
)
def test_transforms_with_chance_give_exactly_these(name, text, expected):
    assert outputs(name, text, seeds=200) == expected


def test_whole_escapes_of_plain_letters():
    assert "%6E%6F" in outputs("encoding/url", "no")
    assert {"&#110;&#111;", "&#x6e;&#x6f;"} <= outputs("encoding/html", "no")
    assert r"\u006e\U0001f600" in outputs("encoding/unicode_escape", "n\U0001f600")


def test_bidi_override_stores_the_text_backwards():
    assert "\u202eba\u202c\n\u202edc\u202c" in outputs("char_injection/bidi", "ab\ncd")
    assert {"\u202eba\u202c cd", "ab \u202edc\u202c"} <= outputs("char_injection/bidi", "ab cd")


def test_variation_selectors_carry_the_bytes():
    hidden = apply("char_injection/variation_selectors", "\x05A")
    assert hidden[1:] == "\ufe05\U000e0131"  # 5 -> U+FE00+5; 0x41 -> U+E0100+0x41-16


def test_caesar_uses_every_shift_but_rot13():
    shifted = {encoding.caesar("abc", shift) for shift in range(1, 26) if shift != 13}
    assert outputs("encoding/caesar", "abc", seeds=600) == shifted
    assert encoding.caesar("xyz XYZ", 3) == "abc ABC"
    assert encoding.caesar(encoding.caesar("Any text, 1!", 7), -7) == "Any text, 1!"


def test_a_span_keeps_the_words_around_it():
    text = "one two three four five six seven"
    for made in outputs("encoding/span", text):
        assert made != text
        assert made.split()[0] == "one" or made.split()[-1] == "seven"


def test_nested_codes_are_two_or_three_codes_on_top_of_each_other():
    for made in outputs("encoding/nested", "one two"):
        assert not re.search("one|two", made)
        assert made not in {apply(name, "one two", seed) for name in encoding._NESTED_CODES for seed in range(5)}


def test_no_trainable_transform_contains_a_held_out_one():
    assert not {*encoding._SPAN_CODES, *encoding._NESTED_CODES} & {attack.name for attack in held_out_attacks()}
    cherokee = set("".join(homoglyph.script_table("CHEROKEE").values()))
    assert not cherokee & set("".join(homoglyph.mixed_table().values()))


# ---- homoglyphs ----


@pytest.mark.parametrize(("variant", "script"), ALPHABETS.items())
def test_look_alikes_come_from_one_script(variant, script):
    table = homoglyph.script_table(script)
    assert len(table) >= 25
    for letter, choices in table.items():
        assert all(unicodedata.name(char).startswith(script) for char in choices)
        if script != "CHEROKEE":
            assert all(char.isupper() == letter.isupper() for char in choices)
    made = max(outputs(f"homoglyph/{variant}", string.ascii_letters), key=lambda text: sum(c > "\x7f" for c in text))
    assert sum(char > "\x7f" for char in made) == len(table)  # the full share replaces all that can be


def test_well_known_look_alikes():
    assert [homoglyph.script_table("CYRILLIC")[letter][0] for letter in "aceopxABH"] == list("асеорхАВН")
    assert [homoglyph.script_table("GREEK")[letter][0] for letter in "ovABE"] == list("ονΑΒΕ")


def test_mathematical_letters_are_compatible_with_the_latin_ones():
    for char, choices in homoglyph.mathematical_table().items():
        assert len(choices) == (5 if char.isdigit() else 13)
        assert {unicodedata.normalize("NFKC", choice) for choice in choices} == {char}


def test_the_share_of_replaced_letters_spans_5_to_100_percent():
    text = "abcdefghij" * 10
    replaced = {sum(char > "\x7f" for char in made) for made in outputs("homoglyph/fullwidth", text, seeds=200)}
    assert min(replaced) == 5 and max(replaced) == 100 and len(replaced) >= 5


# ---- typoglycemia ----


def test_shuffling_keeps_the_ends_and_the_letters_of_every_word():
    for made in outputs("typoglycemia/shuffle", "reading strange sentences"):
        assert made != "reading strange sentences"
        for word, plain in zip(made.split(), ["reading", "strange", "sentences"], strict=True):
            assert (word[0], word[-1], sorted(word)) == (plain[0], plain[-1], sorted(plain))


# ---- published vectors ----


def _vectors(name: str) -> list[dict]:
    path = VECTORS / name
    if not path.is_file():
        pytest.skip(f"no published vectors at {path}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_flip_reproduces_the_published_rows():
    rows = _vectors("flipattack_published.jsonl")
    assert len(rows) == 4160 and {row["mode"] for row in rows} == {"FWO", "FCW", "FCS", "FMM"}
    assert all(apply(f"flip/{row['mode'].lower()}", row["goal"]) == row["flipped_text"] for row in rows)


def test_code_chameleon_reproduces_the_reference_rows():
    rows = _vectors("codechameleon_reference.jsonl")
    assert len(rows) == 400 and {row["rule"] for row in rows} == {"reverse", "odd_even", "length", "binary_tree"}
    for row in rows:
        made = apply(f"code_chameleon/{row['rule']}", row["problem"])
        assert made == row["as_inserted_in_prompt"]
        assert (made if isinstance(row["encrypted"], str) else ast.literal_eval(made)) == row["encrypted"]


# ---- registry ----


def test_the_registry_holds_the_families_and_bars_the_held_out_transforms():
    variants = {family: {attack.name.split("/")[1] for attack in attacks_of(family)} for family in TRAINED_FAMILIES}
    assert variants["flip"] == {"fwo", "fcw", "fcs", "fmm"}
    assert variants["homoglyph"] == {
        "cyrillic",
        "greek",
        "fullwidth",
        "mathematical",
        "mixed",
        "lookalikes",
        "styled",
    }
    assert {attack.name for attack in held_out_attacks()} == {
        "char_injection/sneaky_bits",
        "code_chameleon/odd_even",
        "encoding/base32",
        "homoglyph/cherokee",
        "other_cipher/braille",
        "other_cipher/nato",
        "other_cipher/pig_latin",
        "typoglycemia/upside_down",
    }
    assert {attack.name for attack in attacks_of(Family.ENCODING, include_held_out=True)} - {
        attack.name for attack in attacks_of("encoding")
    } == {"encoding/base32"}


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_an_attack_says_where_it_comes_from_and_what_family_it_is(name):
    attack = ATTACKS[name]
    assert attack.name == name and attack.family == Family.parse(name.split("/")[0])
    assert attack.reference.strip() and attack.apply.__doc__


def test_an_unknown_name_is_answered_with_near_ones():
    with pytest.raises(ConfigError, match="unknown attack 'flip/fcz'.*flip/fcs"):
        get_attack("flip/fcz")
    with pytest.raises(ConfigError, match="'jailbreak_persona'.*'homoglyph'"):
        attacks_of(Family.JAILBREAK_PERSONA)


def test_a_name_is_registered_once():
    with pytest.raises(ValueError, match="'flip/fcs' is already registered by src.data.attacks.flip"):
        register("flip/fcs", reference="none")(lambda text, rng: text)


def test_importing_the_registry_does_not_read_the_confusables():
    code = "import sys, src.data.attack_generators; sys.exit('confusable_homoglyphs.confusables' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# ---- wrappers ----


def strings_of(value: object) -> set[str]:
    """Every string in nested dicts and tuples."""
    if isinstance(value, str):
        return {value}
    children = value.values() if isinstance(value, dict) else value
    return {text for child in children for text in strings_of(child)}


def test_wrappers_of_training_and_evaluation_are_disjoint():
    assert len(WRAPPERS) == len(TRAIN_WRAPPERS) + len(EVALUATION_WRAPPERS)
    assert not {each.template for each in TRAIN_WRAPPERS} & {each.template for each in EVALUATION_WRAPPERS}
    for name in ("RULES", "DEMO_PHRASES", "DECODERS", "COVER_TEXTS"):
        table = getattr(wrapper_texts, name)
        train, evaluation = strings_of(table["train"]), strings_of(table["evaluation"])
        assert train and evaluation and not train & evaluation, name


@pytest.mark.parametrize("use", ["train", "evaluation"])
def test_wrappers_are_written_in_many_languages(use):
    for name in ("flip/fcs", "flip/fmm", "code_chameleon/reverse", "encoding/hex", "homoglyph/greek", *INVISIBLE):
        own = {wrapper.lang for wrapper in wrappers_for(get_attack(name), use) if wrapper.scope}
        assert own >= LANGUAGES, name
    assert {wrapper.lang for wrapper in wrappers_for(get_attack("char_injection/tags"), use) if not wrapper.scope} > LANGUAGES


@pytest.mark.parametrize("use", ["train", "evaluation"])
def test_flip_and_code_chameleon_have_every_prompt_variant_in_every_language(use):
    for mode in ("fwo", "fcw", "fcs", "fmm"):
        cells = {(wrapper.lang, wrapper.style) for wrapper in wrappers_for(get_attack(f"flip/{mode}"), use)}
        assert cells >= {(lang, style) for lang in LANGUAGES for style in wrapper_texts.FLIP_STYLES}
    for order in ("reverse", "odd_even", "length", "binary_tree"):
        cells = {(wrapper.lang, wrapper.style) for wrapper in wrappers_for(get_attack(f"code_chameleon/{order}"), use)}
        assert cells >= {(lang, style) for lang in LANGUAGES for style in wrapper_texts.CHAMELEON_STYLES}


def test_the_flip_styles_hold_what_names_them():
    for wrapper in WRAPPERS.values():
        if wrapper.id.split("/")[1].startswith("flip_"):
            assert "{rule}" in wrapper.template and ("{demo}" in wrapper.template) == (wrapper.style == "shots")


@pytest.mark.parametrize("use", ["train", "evaluation"])
@pytest.mark.parametrize("order", ["reverse", "odd_even", "length", "binary_tree"])
def test_the_decoder_in_the_prompt_restores_the_text(use, order):
    text = "paint the old garden gate green today"
    scope: dict = {}
    exec(wrapper_texts.DECODERS[use][f"code_chameleon/{order}"], scope)
    decode = scope.get("restore") or scope["unscramble"]
    hidden = apply(f"code_chameleon/{order}", text)
    assert decode(ast.literal_eval(hidden) if hidden[0] in "[{" else hidden) == text


@pytest.mark.parametrize("wrapper", WRAPPERS.values(), ids=WRAPPERS)
def test_a_wrapper_renders_around_every_attack_it_fits(wrapper: Wrapper):
    fitting = [attack for attack in ATTACKS.values() if wrapper.fits(attack)]
    assert fitting
    families = {attack.family.name.lower() for attack in ATTACKS.values()}
    assert set(wrapper.scope) <= set(ATTACKS) | families
    for attack in fitting:
        text, (start, end) = wrapper.render("{demo} {x} payload", attack, random.Random(0))
        assert text[start:end] == "{demo} {x} payload"  # braces of the payload are not placeholders
        assert not re.search(r"\{(text|rule|demo|demo_plain|method|code|quote)\}", text[:start] + text[end:])
        assert len(text) > end - start


@pytest.mark.parametrize("use", ["train", "evaluation"])
def test_fmm_is_wrapped_in_misleading_instructions_only(use):
    fmm = get_attack("flip/fmm")
    for wrapper in wrappers_for(fmm, use):
        rules = wrapper_texts.RULES[use][wrapper.lang]
        rendered = [wrapper.render("x", fmm, random.Random(seed))[0] for seed in range(20)]
        assert not any(rules["flip/fcs"] in text for text in rendered)
        assert all(any(rules[mode] in text for text in rendered) for mode in MISLEADING_RULES)


def test_a_wrapper_refuses_an_attack_it_does_not_fit():
    with pytest.raises(ValueError, match="train/encoding_named.*flip/fcs"):
        WRAPPERS["train/encoding_named"].render("x", get_attack("flip/fcs"), random.Random(0))


def test_every_encoding_has_a_name_for_the_wrappers():
    assert set(METHODS) == {attack.name for attack in attacks_of("encoding", include_held_out=True)}


# ---- generated rows ----


@pytest.mark.parametrize("family", TRAINED_FAMILIES)
def test_generated_rows_carry_group_label_and_provenance(family):
    rows = generate_family(family, GOALS, BENIGN, count=120, twin_count=90, seed=7, split="test")
    attacks, twins = rows[:120], rows[120:]
    payload_groups, benign_groups = {e.group for e in GOALS}, {e.group for e in BENIGN}
    for row in attacks:
        assert (row.label, row.family) == (Label.OBFUSCATION, Family.parse(family))
        assert row.source == f"generated_{family}" and row.group in payload_groups
    for row in twins:
        assert (row.label, row.family) == (Label.BENIGN, Family.NONE)
        assert row.source == f"generated_{family}_twin" and row.group in benign_groups and row.span is None
    for row in rows:
        assert ATTACKS[row.attack].family == Family.parse(family) and not ATTACKS[row.attack].held_out
        assert (row.lang, row.licence, row.split) == ("en", "CC0-1.0", "test")
    assert len({row.text for row in rows}) == len(rows)


@pytest.mark.parametrize("family", TRAINED_FAMILIES)
def test_attacks_and_twins_have_the_same_variants_and_forms(family):
    rows = generate_family(family, GOALS, BENIGN, count=112, twin_count=112, seed=7)
    counts = [Counter((row.attack, form_of(row)) for row in half) for half in (rows[:112], rows[112:])]
    assert counts[0] == counts[1]
    assert max(counts[0].values()) - min(counts[0].values()) <= 1
    names = {attack.name for attack in attacks_of(family)}
    forms = {(name, form) for name in names for form in ("bare", "wrapped")}
    assert set(counts[0]) == forms | {(name, "covered") for name in names & set(INVISIBLE)}


def form_of(row) -> str:
    if row.wrapper is None:
        return "bare"
    return "covered" if "cover" in row.wrapper else "wrapped"


@pytest.mark.parametrize("use", ["train", "evaluation"])
def test_invisible_payloads_hide_in_ordinary_visible_texts(use):
    names = [name for name in INVISIBLE if use == "evaluation" or not get_attack(name).held_out]
    rows = generate_family("char_injection", GOALS, BENIGN, count=180, twin_count=180, seed=4, attacks=names, wrappers=use)
    benign, written = {example.text for example in BENIGN}, set(COVERS[use].texts)
    visible = {Label.BENIGN: set(), Label.OBFUSCATION: set()}
    for row in rows:
        if form_of(row) == "covered":
            start, end = row.core
            assert ATTACKS[row.attack].invert(row.text[start:end]) == row.payload
            assert row.span == (None if row.label == Label.BENIGN else row.core)
            visible[row.label].add(row.text[:start] + row.text[end:])
    for texts in visible.values():
        assert texts <= benign | written and texts & benign and texts & written


def test_rows_know_the_plain_text_and_where_its_transform_stands():
    for row in generate_family("encoding", GOALS, BENIGN, count=30, twin_count=30, seed=4, attacks=["encoding/base64"]):
        assert ATTACKS[row.attack].invert(row.text[slice(*row.core)]) == row.payload


def test_the_share_of_each_wrapper_does_not_tell_attack_from_twin():
    rows = generate_family("flip", goals(400), goals(400, label=Label.BENIGN), count=3000, twin_count=3000, seed=1)
    counts = [Counter(row.wrapper for row in half if row.wrapper) for half in (rows[:3000], rows[3000:])]
    assert set(counts[0]) == set(counts[1])
    for wrapper, count in counts[0].items():
        assert 0.4 < count / counts[1][wrapper] < 2.5


def test_a_row_decodes_to_its_payload_and_the_span_holds_the_attack():
    texts = {example.group: example.text for example in GOALS}
    for row in generate_family("flip", GOALS, [], count=80, twin_count=0, seed=3, attacks=["flip/fcs"]):
        hidden = row.text if row.span is None else row.text[slice(*row.span)]
        assert (row.span is None) == (row.wrapper is None)
        plain = ATTACKS[row.attack].invert(hidden)
        assert plain.lower().rstrip(" .!?") == texts[row.group].lower().rstrip(" .!?")  # case and ending may vary


def test_the_same_rows_whatever_the_order_and_the_count():
    rows = generate_family("homoglyph", GOALS, BENIGN, count=60, twin_count=60, seed=5)
    shuffled = [random.Random(1).sample(pool, len(pool)) for pool in (GOALS, BENIGN)]
    assert generate_family("homoglyph", *shuffled, count=60, twin_count=60, seed=5) == rows
    fewer = generate_family("homoglyph", GOALS, BENIGN, count=25, twin_count=10, seed=5)
    assert fewer == rows[:25] + rows[60:70]
    assert generate_family("homoglyph", GOALS, BENIGN, count=60, twin_count=60, seed=6) != rows


def in_two_processes(monkeypatch, *args, **changes):
    """What generate_family does when asked for two workers; the counts of a test alone would not start any."""
    monkeypatch.setattr(generation, "_MIN_ROWS_PER_WORKER", 10)
    monkeypatch.setattr(generation, "_ROWS_PER_TASK", 7)
    started = []
    draft_in_processes = generation._draft_in_processes
    monkeypatch.setattr(
        generation, "_draft_in_processes", lambda plans, workers: started.append(workers) or draft_in_processes(plans, workers)
    )
    try:
        return generate_family(*args, **changes, workers=2)
    finally:
        assert started == [2]


@pytest.mark.parametrize("family", TRAINED_FAMILIES)
def test_the_same_rows_whatever_the_number_of_processes(family, monkeypatch):
    # Few texts, so that some rows collide and are made again.
    asked = {"count": 90, "twin_count": 60, "seed": 5}
    assert in_two_processes(monkeypatch, family, GOALS[:9], BENIGN[:9], **asked) == generate_family(
        family, GOALS[:9], BENIGN[:9], **asked
    )


def test_the_same_rows_where_processes_cannot_be_forked(monkeypatch):
    monkeypatch.setattr(generation, "_START_METHOD", "spawn")
    asked = {"count": 20, "twin_count": 20, "seed": 5}
    assert in_two_processes(monkeypatch, "char_injection", GOALS, BENIGN, **asked) == generate_family(
        "char_injection", GOALS, BENIGN, **asked
    )


def test_processes_report_a_pool_that_is_too_small_as_one_process_does(monkeypatch):
    asked = {"count": 2000, "twin_count": 0, "seed": 2}
    with pytest.raises(DataError) as alone:
        generate_family("flip", GOALS[:1], [], **asked)
    with pytest.raises(DataError) as shared:
        in_two_processes(monkeypatch, "flip", GOALS[:1], [], **asked)
    assert str(shared.value) == str(alone.value)


def test_each_text_is_used_before_any_is_used_again():
    pool = build_pool(BENIGN, "benign")
    size = len(pool.texts)
    assert sorted(places_of(pool, 2 * size, "key", [])) == sorted([*range(size), *range(size)])
    matched = places_of(pool, 10, "key", [len(BENIGN[0].text)])
    assert len(set(matched)) == 10
    assert places_of(pool, 25, "key", [len(BENIGN[0].text)])[:10] == matched


def test_matched_texts_are_no_longer_and_no_shorter_on_the_whole_than_the_lengths_asked_for():
    rng = random.Random(3)
    texts = ["x" * length for length in range(20, 380)]
    pool = build_pool([replace(BENIGN[0], text=text, group=text) for text in texts], "benign")
    lengths = [round(rng.triangular(40, 200, 60)) for _ in range(500)]
    drawn = [pool.lengths[pool.draw_near(length, (), rng)] for length in lengths]
    assert abs(mean(drawn) - mean(lengths)) < 2
    assert pool.draw_near(1, (), rng) < 10 and pool.draw_near(1000, (), rng) >= len(texts) - 10


@pytest.mark.parametrize("name", ["flip/fcs", "homoglyph/cherokee"])
def test_an_attack_is_sent_to_another_process_by_its_name(name):
    assert pickle.loads(pickle.dumps(ATTACKS[name])) is ATTACKS[name]


def test_generating_leaves_the_global_generator_alone():
    state = random.getstate()
    generate_family("typoglycemia", GOALS, BENIGN, count=20, twin_count=20, seed=5)
    assert random.getstate() == state


def test_training_and_evaluation_use_their_own_wrappers():
    ids = {
        use: {row.wrapper for row in generate_family("flip", GOALS, [], count=80, twin_count=0, seed=1, wrappers=use)}
        for use in ("train", "evaluation")
    }
    assert ids["train"] & ids["evaluation"] == {None}


def test_texts_that_an_attack_cannot_change_are_passed_over():
    chinese = [
        Example(
            text=f"请把第{number}扇窗户打开",
            label=Label.JAILBREAK,
            family=Family.UNKNOWN,
            source="zh",
            group=f"zh{number}",
        )
        for number in range(200)
    ]
    rows = generate_family("homoglyph", chinese + GOALS, [], count=40, twin_count=0, seed=2, attacks=["homoglyph/greek"])
    assert not any(row.group.startswith("zh") for row in rows)
    with pytest.raises(DataError, match=r"made 0 of 10 rows.*homoglyph/greek \(bare\)"):
        generate_family("homoglyph", chinese, [], count=10, twin_count=0, seed=2, attacks=["homoglyph/greek"])


def test_a_pool_that_is_too_small_says_how_many_rows_it_gave():
    with pytest.raises(DataError, match=r"generated_flip: made \d+ of 5000 rows"):
        generate_family("flip", GOALS[:2], [], count=5000, twin_count=0, seed=2)
    with pytest.raises(DataError, match="made 0 of 3 rows"):
        generate_family("flip", GOALS, [], count=3, twin_count=3, seed=2)


def test_a_small_pool_is_varied_before_it_is_given_up():
    rows = generate_family("flip", GOALS[:5], BENIGN[:5], count=200, twin_count=200, seed=2)
    assert len({row.text for row in rows}) == 400
    assert sum(row.wrapper is None for row in rows) == 200


def test_blank_texts_are_not_payloads():
    blank = [Example(**{**_fields(GOALS[0]), "text": text, "group": repr(text)}) for text in ("", " ", "\n\n")]
    rows = generate_family("encoding", GOALS[:2] + blank, [], count=40, twin_count=0, seed=2)
    assert {row.group for row in rows} == {GOALS[0].group, GOALS[1].group}


def test_mixed_up_labels_are_refused():
    with pytest.raises(DataError, match="benign payload in 'fixture'"):
        generate_family("flip", BENIGN, BENIGN, count=1, twin_count=1, seed=0)
    with pytest.raises(DataError, match="attack among the benign of 'fixture'"):
        generate_family("flip", GOALS, GOALS, count=1, twin_count=1, seed=0)


def test_held_out_attacks_are_used_only_when_named():
    rows = generate_family("encoding", GOALS, [], count=6, twin_count=0, seed=0, attacks=["encoding/base32"])
    assert {row.attack for row in rows} == {"encoding/base32"}
    with pytest.raises(ConfigError, match="no transform for data.mixture.other_cipher"):
        generate_family("other_cipher", GOALS, [], count=6, twin_count=0, seed=0)


# ---- long texts ----


def test_excerpt_takes_whole_paragraphs_or_sentences():
    assert excerpt("short") == "short"
    assert excerpt("First paragraph.\n\n" + "x" * 500) == "First paragraph."
    assert excerpt("One. Two is v3.5 long! " + "y" * 500) == "One. Two is v3.5 long!"
    assert excerpt("第一句。" + "字" * 500) == "第一句。"
    assert excerpt("z" * 500) is None


def test_short_payloads_are_preferred_and_long_ones_are_cut_at_a_sentence_if_there_are_no_others():
    long = [
        Example(
            text=f"Paint wall {number} green. " + "More words follow here. " * 40,
            label=Label.JAILBREAK,
            family=Family.UNKNOWN,
            source="long",
            group=f"long{number}",
        )
        for number in range(20)
    ]
    rows = generate_family("flip", GOALS + long, [], count=40, twin_count=0, seed=1)
    assert not any(row.group.startswith("long") for row in rows)
    rows = generate_family("flip", long, [], count=20, twin_count=0, seed=1, attacks=["flip/fcs"])
    for row in rows:
        plain = (row.text if row.span is None else row.text[slice(*row.span)])[::-1]
        assert len(plain) <= MAX_PAYLOAD_CHARS + 4 and plain.lower().startswith("paint wall")
        assert re.search(r"follow here[ .!?]*$", plain.lower())


def test_twins_are_matched_to_the_length_of_the_payloads():
    benign = goals(100, label=Label.BENIGN, words=4) + goals(900, label=Label.BENIGN, words=40)
    benign = [Example(**{**_fields(e), "group": f"b{number}"}) for number, e in enumerate(benign)]
    rows = generate_family("flip", goals(100, words=4), benign, count=200, twin_count=200, seed=1, attacks=["flip/fcs"])
    short = [row for row in rows[200:] if row.wrapper is None and len(row.text) < 100]
    assert 0.35 < len(short) / 100 < 0.85  # 10% of the pool


def _fields(example: Example) -> dict:
    return {name: getattr(example, name) for name in Example.__dataclass_fields__}


# ---- benchmarks ----


def generate_evaluation_rows(rows: int) -> dict[str, list[GeneratedExample]]:
    counts = dict.fromkeys(evaluation_attacks(), (rows, rows))
    return generate_families(counts, GOALS, BENIGN, seed=3, split="test", wrappers="evaluation", attacks=evaluation_attacks())


def test_evaluation_rows_are_attacks_and_twins_with_evaluation_wrappers():
    rows_by_name = generate_evaluation_rows(44)
    assert list(rows_by_name) == generated_families()
    assert set(generated_families()) == {*TRAINED_FAMILIES, "never_trained"}
    for rows in rows_by_name.values():
        assert Counter(row.label for row in rows) == {Label.OBFUSCATION: 44, Label.BENIGN: 44}
        assert {row.wrapper.split("/")[0] for row in rows if row.wrapper} == {"evaluation"}
        assert sum(row.wrapper is None for row in rows) in range(40, 57)  # the last round over the forms is cut
    never_trained = rows_by_name["never_trained"]
    assert {ATTACKS[row.attack].held_out for row in never_trained} == {True}
    assert {row.attack for row in never_trained} == {attack.name for attack in held_out_attacks()}
    for row in never_trained[:44]:
        assert row.family == ATTACKS[row.attack].family


def test_evaluation_rows_use_payloads_as_they_are():
    texts = {example.text for example in GOALS}
    rows = generate_evaluation_rows(30)["code_chameleon"]
    bare = [row for row in rows[:30] if row.wrapper is None]
    assert bare and all(ATTACKS[row.attack].invert(row.text) in texts for row in bare)


def test_transform_example_keeps_the_identity_of_the_example():
    attack, wrapper = get_attack("flip/fcs"), WRAPPERS["evaluation/ru_smysl"]
    row = transform_example(GOALS[0], attack, random.Random(0), wrapper)
    assert row.text[slice(*row.span)] == GOALS[0].text[::-1] and row.wrapper == wrapper.id
    assert (row.label, row.family, row.group) == (Label.OBFUSCATION, Family.FLIP, GOALS[0].group)
    assert row.source == "generated_flip"
    twin = transform_example(BENIGN[0], attack, random.Random(0))
    assert (twin.text, twin.label, twin.family) == (BENIGN[0].text[::-1], Label.BENIGN, Family.NONE)
    assert (twin.source, twin.group, twin.wrapper) == ("generated_flip_twin", BENIGN[0].group, None)
    assert transform_example(Example(**{**_fields(BENIGN[0]), "text": "level"}), attack, random.Random(0)) is None
