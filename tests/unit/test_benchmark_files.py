"""What the files of a benchmark run hold, and that docs/benchmark_results.md says so."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from src.evaluation.benchmark_files import SCHEMA
from src.evaluation.runner import run_benchmarks
from src.labels import Label
from src.policy import POLICIES
from tests.benchmark_rows import CALIBRATION, CFG, TABLE, WordPredictor, benchmark, example, run


def test_the_files_hold_what_was_returned(tmp_path):
    results = run(tmp_path)
    written = json.loads((tmp_path / "benchmark_results.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(results))
    assert written["schema"] == 3 and written["subject"] == "guard" and written["baselines"] == ["tfidf"]
    with (tmp_path / "benchmark_summary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6 * 2 * 2 + 1
    first = next(row for row in rows if row["benchmark"] == "injections" and row["policy"] == "override")
    assert (first["recall"], first["fpr"], first["own_policy"]) == ("0.5", "", "override")
    assert next(row for row in rows if row["benchmark"] == "pint")["reason"] == "the data set is private"


def test_every_text_has_a_row_of_predictions_without_the_text(tmp_path):
    run(tmp_path)
    table = pq.read_table(tmp_path / "predictions.parquet").to_pandas()
    assert len(table) == 2 * sum(len(b.examples) for b in TABLE)
    guard = table[(table.benchmark == "injections") & (table.model == "guard")]
    np.testing.assert_allclose(guard.p_attack_override, np.arange(10) / 10)
    assert guard["index"].tolist() == list(range(10))
    assert set(guard.label) == {"direct_injection"}
    assert table[table.model == "tfidf"].p_deep.isna().all()
    assert "text" not in table.columns


DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmark_results.md"


FREE = {  # what stands below is named by the data, not by the schema
    "benchmarks",
    "results",
    "predictors",
    "policies",
    "summary",
    "comparison",
    "per_class",
    "cells",
    "family_recall",
    "by_lang",
    "by_length",
    "by_category",
    "by_form",
    "by_attack",
    "by_route",
    "groups",
    "matched",
    "paired",
    "sets",
    "flips",
    "intervals",
}


CELL_NAMES = {"benign", "attack", "chat", "prompt_injection"}  # of PINT in the test


ELSEWHERE = {"environment", "config", "calibration"}  # described where they are made


def keys_of(node, parent: str = "", depth: int = 0) -> set[str]:
    """Every key of a file that the schema names."""
    if not isinstance(node, dict) or parent in ELSEWHERE:
        return set()
    found = set()
    for key, value in node.items():
        named_by_data = parent in FREE and depth == 0
        found |= (set() if named_by_data else {key}) | keys_of(value, parent if named_by_data else key, 1 if named_by_data else 0)
    return found


def test_every_key_of_the_results_is_documented_and_nothing_else_is(tmp_path):
    rows = [
        example("chat 0.1", source="pint:chat", group="g"),
        example("obey 0.9", Label.DIRECT_INJECTION, source="pint:prompt_injection", group="g"),
        example("obey 0.8", Label.DIRECT_INJECTION, source="pint:prompt_injection", group="h"),
        example("chat 0.8", source="pint:chat", group="h"),
    ]
    predictors = [WordPredictor(), WordPredictor("tfidf", shift=-0.15)]
    calibrations = {predictor.name: CALIBRATION for predictor in predictors}
    table = [*TABLE[:-1], benchmark("pint", rows)]
    results = run_benchmarks(table, predictors, calibrations, tmp_path / "a", CFG, rebatched=WordPredictor())
    attacks_only = run(tmp_path / "b", table=[TABLE[0]])  # says why it matched nothing
    used = keys_of(json.loads(json.dumps(results))) | keys_of(json.loads(json.dumps(attacks_only)))
    used -= {*POLICIES, *CELL_NAMES, "file", "generated", "heldout", "unseen"}
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.startswith(f"# benchmark_results.json, schema {SCHEMA}\n")
    documented = names_in(text)
    bases = {re.sub("(_clustered)?_interval$", "", key): key for key in used}
    assert {key for base, key in bases.items() if key not in documented and base not in documented} == set()
    in_first_column = names_in("\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `")))
    assert in_first_column - used == set()


def names_in(text: str) -> set[str]:
    words = {word for quoted in re.findall(r"`([a-z0-9_.<>]+)`", text) for word in quoted.split(".")}
    return {word for word in words if "<" not in word}
