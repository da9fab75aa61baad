"""Figures of diversity, against cases whose answer is known; and the pools of the presets keep lengths matched."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from src.config import CONFIG_DIR
from src.data.attack_generators import GeneratedExample, generate_families
from src.data.diversity import LENGTH_AUC_RANGE, measure_diversity
from src.data.local_source import load_local
from src.data.near_duplicates import near_duplicate_share
from src.data.sources import CORPUS
from src.labels import Family, Label

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = ("flip", "code_chameleon", "homoglyph", "encoding", "char_injection", "typoglycemia")


def row(text: str, *, is_twin: bool = False, **changes) -> GeneratedExample:
    made = GeneratedExample(
        text=text,
        label=Label.BENIGN if is_twin else Label.OBFUSCATION,
        family=Family.NONE if is_twin else Family.FLIP,
        source="fixture",
        group=text,
        attack="flip/fcs",
        payload=text[::-1],
        core=(0, len(text)),
    )
    return replace(made, **changes)


def random_texts(count: int, length: int = 60) -> list[str]:
    rng = random.Random(count)
    return ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz ", k=length)) for _ in range(count)]


def test_counts_of_a_small_family():
    found = measure_diversity([row("abcde"), row("abcde"), row("abcdx"), row("ab", is_twin=True)])
    assert list(found) == ["flip"]
    attack, twin = found["flip"].attack, found["flip"].twin
    assert (attack.rows, attack.distinct_texts, attack.distinct_payloads) == (3, 2, 2)
    assert attack.distinct_ngrams == 3  # abcd, bcde, bcdx
    assert attack.mean_chars == 5
    assert (twin.rows, twin.distinct_ngrams, twin.near_duplicate_payloads) == (1, 1, 0)


def test_near_duplicates_are_texts_that_a_kept_one_resembles():
    texts = random_texts(40)
    assert near_duplicate_share(texts) == 0
    assert near_duplicate_share([*texts, *texts]) == 0.5
    slightly_changed = [f"{text[:-1]}#" for text in texts]  # 56 of 58 4-grams are shared
    assert near_duplicate_share([*texts, *slightly_changed]) == pytest.approx(0.5, abs=0.02)


def test_texts_are_compared_without_their_wrapper_and_payloads_before_the_transform():
    wrapper = "Please read this very long and always equal sentence, which says what to do with what follows: "
    texts = random_texts(20)
    rows = [row(wrapper + text, core=(len(wrapper), len(wrapper + text)), payload="Same goal") for text in texts]
    found = measure_diversity(rows)["flip"].attack
    assert found.near_duplicate_transformed == 0
    assert (found.distinct_payloads, found.near_duplicate_payloads) == (1, 0)


def test_binary_texts_are_not_alike_because_of_their_alphabet():
    coded = [" ".join(f"{ord(char):08b}" for char in text) for text in random_texts(20)]
    assert measure_diversity([row(text) for text in coded])["flip"].attack.near_duplicate_transformed < 0.1


def test_length_is_a_detector_where_attacks_and_twins_differ_in_it():
    long, short = random_texts(20, 80), random_texts(20, 20)
    found = measure_diversity([*map(row, long), *(row(text, is_twin=True) for text in short)])["flip"]
    assert found.length_auc == 1 and not found.is_length_matched
    same = measure_diversity([*map(row, long), *(row(text, is_twin=True) for text in random_texts(21, 80))])["flip"]
    assert same.length_auc == 0.5 and same.is_length_matched


def test_without_twins_there_is_no_auc():
    found = measure_diversity([row("abcde")])["flip"]
    assert found.twin is None and found.length_auc is None and found.is_length_matched


def test_natural_rows_are_not_counted():
    assert measure_diversity([row("abcde", attack=None)]) == {}


def test_twins_are_as_long_as_attacks_even_where_the_benign_texts_are_not():
    data = load_local(CORPUS)
    corpus = [*data.train[::4], *data.payloads]
    benign = [each for each in corpus if each.label == Label.BENIGN and len(each.text) > 30]  # no "ok" for a payload
    benign.sort(key=lambda each: len(each.text))
    benign = benign[:1000] + benign[-1500:]
    payloads = [each for each in corpus if each.family == Family.HARMFUL_REQUEST]
    assert median(len(each.text) for each in benign) > 1.25 * median(len(each.text) for each in payloads)
    made = generate_families({family: (300, 300) for family in FAMILIES}, payloads, benign, seed=3)
    for name, family in measure_diversity(row for rows in made.values() for row in rows).items():
        assert family.is_length_matched, (name, family.length_auc, family.length_auc_transformed)
        assert family.attack.distinct_texts == family.twin.distinct_texts == 300


def test_the_script_measures_that_the_quick_preset_has_varied_rows_of_matched_length(tmp_path):
    output = tmp_path / "diversity.json"
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "measure_diversity.py", "--config", CONFIG_DIR / "quick.yaml", "--output", output],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr  # 1 where a family is not matched in length
    found = json.loads(output.read_text(encoding="utf-8"))
    without_attacks = {"lookalikes"}
    assert set(found) == (set(FAMILIES) - {"code_chameleon"}) | {"composed"} | without_attacks
    assert set(found["flip"]) == {"attack", "twin", "length_auc", "length_auc_transformed"}
    low, high = LENGTH_AUC_RANGE
    for name, family in found.items():
        assert (family["attack"] is None) == (name in without_attacks)
        assert family["attack"] is None or low <= family["length_auc"] <= high, name
        for kind in filter(None, (family["attack"], family["twin"])):
            assert kind["distinct_texts"] == kind["rows"]
            assert kind["near_duplicate_transformed"] < 0.1 and kind["near_duplicate_payloads"] < 0.1
    table = done.stdout.splitlines()
    expected = [[name, kind] for name in found for kind in ("attack", "twin") if found[name][kind] is not None]
    assert [line.split()[:2] for line in table[1:-1]] == expected
