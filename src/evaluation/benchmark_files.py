"""The files of a benchmark run.

benchmark_results.json, whose every key docs/benchmark_results.md explains; benchmark_summary.csv, one row per benchmark,
predictor and policy; predictions.parquet, one row per text and predictor, without the texts; and errors.json, a few texts that
the subject judged wrongly (mistakes.py).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..files import atomic_write, write_json, write_text
from ..labels import Family, Label
from ..policy import POLICIES, family_of
from .mistakes import find_mistakes
from .scored import ScoredRows

SCHEMA = 3  # version of benchmark_results.json; raised when a key changes its meaning or is removed

SUMMARY_COLUMNS = (
    "benchmark",
    "kind",
    "eval_group",
    "revision",
    "predictor",
    "policy",
    "own_policy",
    "status",
    "reason",
    "n",
    "n_attack",
    "n_benign",
    "threshold",
    "accuracy",
    "precision",
    "recall",
    "recall_low",
    "recall_high",
    "f1",
    "weighted_f1",
    "fpr",
    "fpr_low",
    "fpr_high",
    "auc",
    "deep_share",
)


def write_results(output_dir: Path, results: Mapping[str, Any], rows: Sequence[ScoredRows]) -> None:
    """The four files of the module docstring."""
    write_text(output_dir / "benchmark_summary.csv", _format_summary_csv(results["benchmarks"]))
    with atomic_write(output_dir / "predictions.parquet") as partial:
        pq.write_table(pa.concat_tables([_build_prediction_table(row) for row in rows]), partial)
    write_json(output_dir / "errors.json", find_mistakes(row for row in rows if row.predictor == results["subject"]))
    write_json(output_dir / "benchmark_results.json", results)  # last: if it is there, the other files are of the same run


def _format_summary_csv(records: Mapping[str, Any]) -> str:
    """One row per benchmark, predictor and policy; an undefined value is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, SUMMARY_COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for name, record in records.items():
        base = {"benchmark": name, "own_policy": record["policy"], **record}
        if record["status"] != "run":
            writer.writerow(base | {"n": ""})
        for predictor, result in record["results"].items():
            for policy, detection in result["policies"].items():
                low_high = {
                    f"{key}_{end}": value
                    for key in ("recall", "fpr")
                    for end, value in zip(("low", "high"), detection[f"{key}_interval"] or (None, None), strict=True)
                }
                shared = {
                    "predictor": predictor,
                    "policy": policy,
                    "weighted_f1": result["weighted_f1"],
                    "deep_share": result["routing"]["share"],
                }
                writer.writerow(base | detection | low_high | shared)
    return text.getvalue()


def _build_prediction_table(row: ScoredRows) -> pa.Table:
    """Scores of every text, for analyses that need no model. `index` is the row in the benchmark that was scored."""
    n, predictions = len(row.examples), row.predictions
    predicted_class = predictions.class_probs.argmax(axis=1)
    predicted_family = family_of(predicted_class != Label.BENIGN, predictions.family_probs)
    return pa.table(
        {
            "benchmark": pa.array([row.benchmark.name] * n, pa.string()),
            "model": pa.array([row.predictor] * n, pa.string()),
            "index": pa.array(range(n), pa.int64()),
            **{key: pa.array([getattr(each, key) for each in row.examples], pa.string()) for key in ("source", "group", "lang")},
            "label": pa.array([example.label.name.lower() for example in row.examples], pa.string()),
            "family": pa.array([example.family.name.lower() for example in row.examples], pa.string()),
            "attack": pa.array([example.attack for example in row.examples], pa.string()),
            **{f"p_attack_{policy}": pa.array(predictions.p_attack[policy], pa.float64()) for policy in POLICIES},
            "predicted_class": pa.array([Label(i).name.lower() for i in predicted_class], pa.string()),
            "predicted_family": pa.array([Family(i).name.lower() for i in predicted_family], pa.string()),
            "p_deep": pa.array(predictions.p_deep, pa.float64(), from_pandas=True),  # NaN becomes null
            "is_deep": pa.array(predictions.is_deep, pa.bool_()),
            "windows": pa.array(predictions.num_windows, pa.int64()),
            "tokens": pa.array(predictions.tokens, pa.int64()),
            "views": pa.array(predictions.num_views, pa.int64()),
        }
    )
