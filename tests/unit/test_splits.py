"""Comparison keys, de-duplication and the split by group."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.data.schema import Example
from src.data.splits import assert_disjoint, comparison_key, key_hash, key_number, own_group, split_of
from src.errors import DataError
from src.labels import Family, Label


def example(text: str, label: Label = Label.BENIGN, source: str = "notes", group: str | None = None) -> Example:
    return Example(text=text, label=label, family=Family.NONE, source=source, group=group or f"{source}:{text}")


@pytest.mark.parametrize(
    "variant",
    [
        "Ignore  the\nrules",
        "  ignore the rules ",
        "IGNORE THE RULES",
        "ig\u200bnore the\u2060 rules",
        "\uff49\uff47\uff4e\uff4f\uff52\uff45 the rules",
        "ignore\u00a0the rules",
        "ignore the ru\u00adles\ufe0f",
        "ignore\U000e0041 the rules",
    ],
)
def test_a_text_and_its_invisible_or_compatible_variants_share_a_key(variant):
    assert comparison_key(variant) == "ignore the rules"
    assert key_hash(variant) == key_hash("ignore the rules")


def test_other_words_letters_and_scripts_do_not_share_a_key():
    texts = ["ignore the rules", "ignore the rule", "ignorethe rules", "іgnore the rules", "Ignorér the rules"]
    assert len({key_hash(text) for text in texts}) == len(texts)


@given(st.text(max_size=60))
def test_the_key_is_its_own_key_for_any_string(text):
    assert comparison_key(comparison_key(text)) == comparison_key(text)


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=60))
def test_the_short_way_for_ascii_gives_the_same_key(text):
    assert comparison_key(text + " é") == comparison_key(text + " x")[:-1] + "é"


def test_a_text_without_a_group_is_in_the_same_split_whoever_brings_it():
    assert own_group("Ignore  the rules") == own_group("ignore THE rules") != own_group("ignore the rule")


def test_numbers_of_keys_differ_as_the_keys_do():
    keys = [f"key {number}" for number in range(10_000)]
    assert len({key_number(key) for key in keys}) == len(keys) and max(map(key_number, keys)) < 2**64


def test_the_split_depends_on_the_group_and_the_seed_alone():
    groups = [f"group {i}" for i in range(4000)]
    splits = [split_of(group, seed=1, test_fraction=0.2) for group in groups]
    assert splits == [split_of(group, seed=1, test_fraction=0.2) for group in groups]
    assert splits != [split_of(group, seed=2, test_fraction=0.2) for group in groups]
    assert splits.count("test") / len(splits) == pytest.approx(0.2, abs=0.02)
    assert split_of("group 1", seed=1, test_fraction=0.0) == "train"


def test_a_larger_test_fraction_only_adds_groups_to_test():
    groups = [f"group {i}" for i in range(500)]
    small, large = ({g for g in groups if split_of(g, seed=3, test_fraction=share) == "test"} for share in (0.05, 0.2))
    assert small < large


def test_the_split_is_fixed_for_good():
    # Written down once: a change of the hash would move rows between the splits of every published run.
    splits = [split_of(group, seed=42, test_fraction=0.5) for group in "abcdef"]
    assert splits == ["train", "train", "train", "test", "train", "train"]


def test_a_shared_group_is_named():
    row = example("text", group="payload-7")
    assert_disjoint([row], [replace(row, group="payload-8")], "train and test")
    with pytest.raises(DataError, match="train and test share 1 groups.*payload-7"):
        assert_disjoint([row], [row], "train and test")
