"""Hard negatives: benign, distinct, varied, and the same rows whatever else is asked for."""

import random
import re
from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from src.data.hard_negatives import KINDS, WRITERS, generate_hard_negatives
from src.data.hard_negatives.grammar import Grammar, blocks
from src.data.hard_negatives.multilingual import LANGUAGES, PHRASES, TEXTS, write_in
from src.data.hard_negatives.rows import distinct_examples
from src.data.lexicon.blocks import lines
from src.data.near_duplicates import near_duplicate_share
from src.data.schema import Example
from src.data.splits import key_hash
from src.errors import DataError
from src.labels import Family, Label

SCRIPTS = {"ru": ("\u0400", "\u04ff"), "zh": ("\u4e00", "\u9fff"), "ja": ("\u3040", "\u30ff"), "hi": ("\u0900", "\u097f"),
           "ar": ("\u0600", "\u06ff")}  # fmt: skip
TRIGGERS = ("ignor", "overrid", "bypass", "inject", "escap", "execut", "kill", "forg", "reveal", "reset", "secret", "root",
            "admin", "system", "prompt", "instruction", "jailb", "payload", "disregard", "exploit", "develop",
            "hack")  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> list[Example]:
    return generate_hard_negatives(12_000, seed=42)


@pytest.fixture(scope="module")
def by_kind(rows) -> dict[str, list[Example]]:
    found = defaultdict(list)
    for row in rows:
        found[row.source.removeprefix("hard_negatives_")].append(row)
    return found


def test_a_row_depends_on_seed_and_index_alone(rows):
    assert generate_hard_negatives(300, seed=42) == rows[:300]
    assert generate_hard_negatives(300, seed=43) != rows[:300]
    assert generate_hard_negatives(0, seed=42) == []


def test_every_row_is_benign_and_its_own_group(rows):
    assert {(row.label, row.family, row.attack, row.span) for row in rows} == {(Label.BENIGN, Family.NONE, None, None)}
    assert len({key_hash(row.text) for row in rows}) == len({row.group for row in rows}) == len(rows)


def test_kinds_have_the_published_proportions(by_kind):
    assert {kind: len(found) for kind, found in by_kind.items()} == {
        "trigger_words": 6000, "technical": 2000, "code": 2000, "borderline": 2000,
    }  # fmt: skip
    assert set(KINDS) == set(WRITERS)


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_texts_of_a_kind_rarely_repeat_each_other(kind, by_kind):
    assert near_duplicate_share([row.text for row in by_kind[kind][:2000]]) <= 0.03


def test_lengths_and_line_structure_vary(rows):
    lengths = sorted(len(row.text) for row in rows)
    assert 10 <= lengths[0] < 25 and 1000 < lengths[-1] <= 1200
    assert lengths[len(lengths) // 10] < 70 and lengths[-len(lengths) // 10] > 250
    assert 0.1 < sum("\n" in row.text for row in rows) / len(rows) < 0.6


def test_languages_are_written_in_their_scripts(by_kind):
    for kind in ("trigger_words", "technical", "borderline"):
        languages = Counter(row.lang for row in by_kind[kind])
        assert set(languages) == {"en", *LANGUAGES}, kind
        for lang in LANGUAGES:
            assert languages[lang] > 15, (kind, lang)
    for row in (row for found in by_kind.values() for row in found if row.lang in SCRIPTS):
        first, last = SCRIPTS[row.lang]
        assert sum(first <= char <= last for char in row.text) > 5, row


def test_most_english_texts_hold_a_word_that_attacks_hold(by_kind):
    for kind, share in (("trigger_words", 0.5), ("technical", 0.7), ("code", 0.9)):
        english = [row.text.lower() for row in by_kind[kind] if row.lang == "en"]
        assert sum(any(word in text for word in TRIGGERS) for text in english) / len(english) > share, kind


def test_no_text_shows_the_notation_of_the_grammar(by_kind):
    for kind in ("trigger_words", "technical", "borderline"):
        for row in by_kind[kind]:
            assert not any(mark in row.text for mark in ("{", "}", "(n)", "<", "  ")) or "\n    " in row.text, row.text
    for row in by_kind["code"]:  # programs have braces of their own
        assert not re.search(r"\{(noun|verb|snake|camel|pascal|literal|remark)\b", row.text, re.IGNORECASE), row.text


def test_quoted_attacks_stand_in_quotation_marks_of_a_description(by_kind):
    quoting = [row.text for row in by_kind["borderline"] if "you are now DAN" in row.text]
    assert quoting
    for text in quoting:
        assert text.index("you are now DAN") > 0 and text[text.index("you are now DAN") - 1] in '"“«「 ', text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_phrase_of_a_language_is_used(lang):
    kinds = {kind: "\n".join(write_in(lang, kind, random.Random(index)) for index in range(1500)) for kind in TEXTS}
    starts = [phrase.split("{")[0].split("<")[0] for phrase in PHRASES[lang]["sensitive"]]
    assert all(start in kinds["borderline"] for start in starts)
    starts = [phrase.split("{")[0] for phrase in PHRASES[lang]["doc"]]
    assert all(start in kinds["technical"] for start in starts)


def test_neighbouring_words_agree():
    written = {
        lang: "\n".join(write_in(lang, "trigger_words", random.Random(index)) for index in range(1500))
        for lang in ("fr", "es", "ja")
    }
    assert "d'Excel" in written["fr"] and " de Excel" not in written["fr"]
    assert " u olvidar" in written["es"] and " o olvidar" not in written["es"]
    assert "。 " not in written["ja"]


def test_a_stream_that_runs_out_of_texts_says_what_to_do():
    example = generate_hard_negatives(1, seed=0)[0]
    with pytest.raises(DataError, match="1 distinct texts were found, 2 were asked for.*lower the count"):
        distinct_examples(2, "test", lambda index, rng: example)


def test_texts_of_other_lengths_are_made_again():
    example = generate_hard_negatives(1, seed=0)[0]
    rows = distinct_examples(5, "test", lambda index, rng: replace(example, text="a" * rng.randint(1, 99)), lengths=range(50, 60))
    assert all(50 <= len(row.text) < 60 for row in rows)


class TestGrammar:
    def test_notation(self):
        grammar = Grammar(
            {
                "animal": ["ant"],
                "text": ["a(n) {animal} or a(n) {name}; {Animal:1}{animal:1}{#7-7}<!|!> {{animal}} f({{x}})"],
                "name": ["cat"],
            }
        )
        assert grammar.write("text", random.Random(0)) == "an ant or a cat; Antant7! {animal} f({x})"

    def test_a_bound_rule_repeats_and_a_free_one_prefers_something_new(self):
        grammar = Grammar({"digit": list("0123456789"), "bound": ["{digit:1}{digit:1}{digit:1}"], "free": ["{digit}{digit}"]})
        bound = {grammar.write("bound", random.Random(seed)) for seed in range(200)}
        assert len(bound) == 10 and all(len(set(text)) == 1 for text in bound)
        free = [grammar.write("free", random.Random(seed)) for seed in range(1000)]
        assert 0 < sum(text[0] == text[1] for text in free) < 40  # 100 were expected of independent choices

    def test_recurring_rules_mostly_come_back(self):
        rules = {"pet": ["cat", "dog", "fox", "hen"], "text": ["{pet} {pet}"]}
        pairs = [Grammar(rules, recurring=("pet",)).write("text", random.Random(seed)).split() for seed in range(400)]
        assert 250 < sum(first == second for first, second in pairs) < 350

    def test_slots_are_filled_by_the_caller_and_not_read_as_templates(self):
        grammar = Grammar({"text": ["<see|look>: {code}"]}, slots=("code",))
        assert grammar.write("text", random.Random(1), code="{text}<a|b>").endswith(": {text}<a|b>")
        with pytest.raises(KeyError):
            grammar.write("text", random.Random(1))

    @pytest.mark.parametrize("template", ["{missing}", "<a|{Missing}>"])
    def test_an_unknown_rule_is_reported_with_its_owner(self, template):
        with pytest.raises(ValueError, match="rule 'text' uses 'missing'"):
            Grammar({"text": [template]})

    def test_tables_are_read_by_line_and_by_block(self):
        assert lines("\n  one\\ntwo \n\n three") == ("one\ntwo", "three")
        assert blocks("\na\n  b\n----\nc\n") == ("a\n  b", "c")
