"""Composed requests: every language on both labels, behaviours that stay in one split, and no slot left open."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from sklearn.metrics import roc_auc_score

from src.data.composition import compose_request_mirrors, compose_requests
from src.data.composition.grammar import symbols_of
from src.data.composition.requests import GRAMMARS, LANGUAGES
from src.data.lexicon.requests import REQUESTS
from src.data.near_duplicates import near_duplicate_share
from src.data.schema import Example
from src.data.splits import key_hash, split_of
from src.errors import DataError
from src.labels import Family, Label

ROWS = 4_000
TABLES = {"how", "past", "write", "before", "after", "sly", "do", "make", "safe_do", "safe_make", "ask"}


@pytest.fixture(scope="module")
def harmful() -> list[Example]:
    return compose_requests(ROWS, seed=1)


@pytest.fixture(scope="module")
def harmless() -> list[Example]:
    return compose_request_mirrors(ROWS, seed=1)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_table_and_no_loose_symbol(lang):
    tables = GRAMMARS[lang].tables
    assert set(REQUESTS[lang]) == TABLES
    for name, phrases in REQUESTS[lang].items():
        assert len(set(phrases)) == len(phrases) > 0, name
        slot = {"how": "do", "past": "do", "write": "make"}.get(name)
        for phrase in phrases:
            assert slot is None or f"{{{slot}}}" in phrase, phrase
            assert symbols_of(phrase) <= set(tables) - {"do", "make"} | {slot}, phrase


@pytest.mark.parametrize("lang", LANGUAGES)
def test_harmful_and_harmless_behaviours_are_different(lang):
    tables = REQUESTS[lang]
    for slot in ("do", "make"):
        assert not set(tables[slot]) & set(tables[f"safe_{slot}"])
        assert len(tables[f"safe_{slot}"]) >= 0.5 * len(tables[slot])


def test_rows_are_labelled_distinct_and_closed(harmful, harmless):
    for rows, label, family in (
        (harmful, Label.JAILBREAK, Family.HARMFUL_REQUEST),
        (harmless, Label.BENIGN, Family.NONE),
    ):
        assert {(row.label, row.family) for row in rows} == {(label, family)}
        assert len({key_hash(row.text) for row in rows}) == ROWS
        assert not [row.text for row in rows if re.search(r"[{}|]", row.text)]
        doubled = [row.text for row in rows if "  " in row.text]
        assert len(doubled) < 0.01 * ROWS  # two swapped letters may be a space and its neighbour


def test_every_language_is_on_both_sides_alike(harmful, harmless):
    attacked, clean = Counter(row.lang for row in harmful), Counter(row.lang for row in harmless)
    for lang in LANGUAGES:
        assert attacked[lang] >= 80 and clean[lang] >= 80, lang
        assert 0.6 <= attacked[lang] / clean[lang] <= 1.6, lang


def test_few_near_duplicates_and_length_does_not_tell_the_label(harmful, harmless):
    assert near_duplicate_share([row.text for row in harmful]) <= 0.03
    assert near_duplicate_share([row.text for row in harmless]) <= 0.03
    lengths = [len(row.text) for row in [*harmful, *harmless]]
    assert 0.4 <= roc_auc_score([1] * ROWS + [0] * ROWS, lengths) <= 0.62


def test_a_behaviour_stays_in_one_split(harmful):
    def train(group: str) -> bool:
        return split_of(group, seed=7, test_fraction=0.1) == "train"

    kept = compose_requests(800, seed=1, accepts=train)
    held_out = compose_requests(100, seed=2, accepts=lambda group: not train(group))
    assert not {row.group for row in kept} & {row.group for row in held_out}
    assert all(train(row.group) for row in kept)
    assert len({row.group for row in harmful}) > 600  # many behaviours, not one sentence in many frames


def test_the_first_rows_do_not_depend_on_the_count(harmful, harmless):
    assert compose_requests(50, seed=1) == harmful[:50]
    assert compose_request_mirrors(50, seed=1) == harmless[:50]
    assert compose_requests(50, seed=2) != harmful[:50]
    assert compose_requests(0, seed=1) == []


def test_phrases_that_run_out_are_an_error():
    with pytest.raises(DataError, match="lower data.mixture.composed_requests"):
        compose_requests(3, seed=1, accepts=lambda group: False)


def test_endings_fit_the_word_after_them(harmful, harmless):
    rows = [*harmful, *harmless]
    french = [row.text for row in rows if row.lang == "fr"]
    assert not [text for text in french if re.search(r"\bde [aeiouéè]", text)]
    korean = " ".join(row.text for row in rows if row.lang == "ko")
    assert korean and "(" not in korean
