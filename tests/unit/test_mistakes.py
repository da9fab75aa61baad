"""Texts that people read are chosen by a rule, shortened, and only shown where their licence lets them be."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from src.data.schema import Example
from src.evaluation.benchmarks import Benchmark
from src.evaluation.mistakes import MAX_SHOWN, MAX_TEXT_CHARS, find_mistakes
from src.evaluation.scored import ScoredRows
from src.labels import Family, Label
from src.policy import POLICIES
from src.runtime.calibration import Calibration

CALIBRATION = Calibration(
    thresholds={policy: {"0.01": 0.5} for policy in POLICIES},
    achieved_fpr={policy: {"0.01": 0.0} for policy in POLICIES},
    n_benign=900,
)


def scored(name, rows, *, licence="MIT", kind="file"):
    """rows: (label, score, group) each."""
    examples = [
        Example(
            text=f"{name} {group} " + "x" * 300,
            label=label,
            family=Family.NONE if label == Label.BENIGN else Family.DIRECT_INJECTION,
            source="s",
            group=group,
        )
        for label, _, group in rows
    ]
    scores = np.array([score for _, score, _ in rows])
    benchmark = replace(Benchmark.of_rows(name, kind, examples, revision="1", group=None), licence=licence)
    return ScoredRows(benchmark, examples, "guard", SimpleNamespace(p_attack=dict.fromkeys(POLICIES, scores)), CALIBRATION)


def shown(errors):
    return [(error["benchmark"], error["score"]) for error in errors["shown"]]


BENIGN, ATTACK = Label.BENIGN, Label.DIRECT_INJECTION


def test_benchmarks_take_turns_each_with_its_most_confident_error_first():
    found = find_mistakes(
        [
            scored("a", [(BENIGN, 0.6, "1"), (BENIGN, 0.9, "2"), (BENIGN, 0.4, "3"), (BENIGN, 0.8, "2"), (ATTACK, 0.5, "4")]),
            scored("b", [(BENIGN, 0.5, "1"), (ATTACK, 0.3, "2"), (ATTACK, 0.1, "3")]),
        ],
    )
    assert shown(found["false_alarms"]) == [("a", 0.9), ("b", 0.5), ("a", 0.6)]  # 0.8 is of the group of 0.9
    assert found["false_alarms"]["n"] == 4
    assert shown(found["misses"]) == [("b", 0.1), ("b", 0.3)]  # a score at the threshold is flagged
    assert {len(error["text"]) for error in found["misses"]["shown"]} == {MAX_TEXT_CHARS}
    assert found["misses"]["shown"][0]["chars"] > MAX_TEXT_CHARS


def test_only_open_texts_of_file_benchmarks_are_shown():
    row = [(BENIGN, 0.9, "1")]
    found = find_mistakes(
        [
            scored("open", row),
            scored("closed", row, licence="CC-BY-NC-4.0"),
            scored("unstated", row, licence=None),
            scored("generated/flip", row, kind="generated"),
        ],
    )
    assert shown(found["false_alarms"]) == [("open", 0.9)]
    assert found["false_alarms"]["n"] == 3 and found["withheld"] == ["closed", "unstated"]


def test_no_more_than_the_limit_are_shown():
    found = find_mistakes([scored("a", [(BENIGN, 0.9, str(i)) for i in range(MAX_SHOWN + 5)])])
    assert len(found["false_alarms"]["shown"]) == MAX_SHOWN and found["false_alarms"]["n"] == MAX_SHOWN + 5
    assert found["misses"] == {"n": 0, "shown": []}
