"""Curves of the scores that evaluate_benchmarks.py wrote to predictions.parquet; needs neither model nor data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from ..labels import Family, Label
from ..policy import DEFAULT_POLICY, Policy, is_counted
from ..runtime.calibration import Calibration
from .metrics import count_detections, precision_recall_points, reliability_bins, roc_points

KINDS = ("file", "heldout")  # kinds of natural texts, those of unseen sources first


def read_curves(predictions: Path, results: Mapping[str, Any], policy: Policy = DEFAULT_POLICY) -> dict[str, Any] | None:
    """ROC, precision-recall and reliability of every predictor over the pooled rows of the first of KINDS that has attacks and
    benign rows; None where neither has both.

    predictors.<name>: roc, precision_recall, reliability (as in metrics.py) and operating_point: counts and rates at the stored
    threshold. Beside it policy, kind, sets, n_attack, n_benign.
    """
    columns = ["benchmark", "model", "label", "family", f"p_attack_{policy}"]
    # Without threads, unlike pandas.read_parquet: Arrow waits without end for a thread that the memory does not allow.
    with pq.ParquetFile(predictions) as file:
        rows = file.read(columns=columns, use_threads=False).to_pandas(use_threads=False)
    rows["label"] = rows["label"].map({label.name.lower(): int(label) for label in Label})
    rows["family"] = rows["family"].map({family.name.lower(): int(family) for family in Family})
    rows = rows[is_counted(rows["label"].to_numpy(), rows["family"].to_numpy(), policy)]
    for kind in KINDS:
        pooled = rows[rows["benchmark"].map(lambda name, kind=kind: results["benchmarks"][name]["kind"] == kind)]
        attack = pooled.loc[pooled["model"] == results["subject"], "label"] != Label.BENIGN
        if attack.any() and not attack.all():
            break
    else:
        return None
    return {
        "policy": policy,
        "kind": kind,
        "sets": sorted(pooled["benchmark"].unique()),
        "n_attack": int(attack.sum()),
        "n_benign": int((~attack).sum()),
        "predictors": {
            name: _compute_curves(pooled[pooled["model"] == name], policy, results["predictors"][name]["calibration"])
            for name in (results["subject"], *results["baselines"])
        },
    }


def _compute_curves(rows: pd.DataFrame, policy: Policy, calibration: dict[str, Any]) -> dict[str, Any]:
    labels, scores = rows["label"].to_numpy(), rows[f"p_attack_{policy}"].to_numpy(dtype=np.float64)
    threshold = Calibration.from_dict(calibration).threshold(policy)
    return {
        "operating_point": {"threshold": threshold, **count_detections(labels, scores, threshold).to_dict()},
        "roc": roc_points(labels, scores),
        "precision_recall": precision_recall_points(labels, scores),
        "reliability": reliability_bins(labels, scores),
    }
