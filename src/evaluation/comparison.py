"""The guard and every baseline in one run, and what differs between them.

`compare` writes, beside the three files of `run_benchmarks`, comparison.json, schema 1:
    schema, environment, config and manifest_sha256 (as in benchmark_results.json), guard (its name), fpr_budget,
    num_benchmarks, not_run_benchmarks.<name>: reason
    same_fpr.<policy>: fpr, n_benign, benign_kind: where `recall_at_same_fpr` is measured, on the same rows for all
    predictors.<name>: status ("run" or "not run"), reason, about, and where it was run:
        threshold_from: "calibrated" (on the validation rows, as the guard), "published" or "fixed"
        policies.<policy>: threshold, macro_recall, macro_fpr, attack_sets, benign_sets (numbers of sets), n_attack,
            n_benign, recall_at_same_fpr (mean over sets), same_fpr_reached (less than the same FPR where scores repeat),
            and of a baseline guard_minus_baseline.<recall | fpr | recall_at_same_fpr>: see
            `src.evaluation.metrics.paired_difference`
All on sets that the guard and the baselines of this project never trained on; the training data of published guards are
not known and may include a public benchmark. Baselines read a text as it is: the decoded views are a part of the guard.
Rates are fractions, undefined is null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from ..config import Config
from ..errors import ConfigError
from ..files import write_json
from ..policy import POLICIES, Policy
from ..run import PROVENANCE
from ..runtime.calibration import Calibration
from .baselines import KNOWN_GUARDS, parse_hub_guard
from .benchmarks import Benchmark
from .predictor import Predictor
from .runner import run_benchmarks
from .summary import UNSEEN

SCHEMA = 1
TRAINED_OR_WRITTEN = ("tfidf", "regex", "minilm")
ALL_BASELINES = (*TRAINED_OR_WRITTEN, *KNOWN_GUARDS)


@dataclass(frozen=True, kw_only=True)
class Entrant:
    """A predictor at one operating point. `about` describes it: rows, settings, licence, revision.

    identity: identifies all that its scores depend on; with it, the scores of finished benchmarks are cached for an interrupted
    run. model_path: its file or directory, if this project trained it.
    """

    predictor: Predictor
    calibration: Calibration
    threshold_from: Literal["calibrated", "published", "fixed"]
    about: dict[str, Any] = field(default_factory=dict)
    identity: str | None = None
    model_path: Path | None = None


def parse_baseline_names(words: Sequence[str]) -> list[str]:
    """The named baselines, each once. Raises ConfigError for a word that names none, before anything runs."""
    for word in words:
        if word in TRAINED_OR_WRITTEN:
            continue
        try:
            parse_hub_guard(word)
        except ConfigError as error:
            raise ConfigError(f"{error}. Trained or written here: {', '.join(TRAINED_OR_WRITTEN)}") from error
    return list(dict.fromkeys(words))


def compare(
    guard: Entrant,
    baselines: Sequence[Entrant],
    not_run: Mapping[str, str],
    benchmarks: Sequence[Benchmark],
    output_dir: Path,
    cfg: Config,
    *,
    show_progress: bool = False,
) -> dict[str, Any]:
    """Run all on every benchmark and write the files of the module docstring to `output_dir`.

    not_run: baseline -> why it could not be run. Returns what comparison.json holds.
    """
    entrants = [guard, *baselines]
    calibrations = {entrant.predictor.name: entrant.calibration for entrant in entrants}
    predictors = [entrant.predictor for entrant in entrants]
    identities = {entrant.predictor.name: entrant.identity for entrant in entrants if entrant.identity is not None}
    results = run_benchmarks(
        benchmarks,
        predictors,
        calibrations,
        output_dir,
        cfg,
        identities=identities,
        model_path=guard.model_path,
        show_progress=show_progress,
    )
    run_records = {entrant.predictor.name: _describe(entrant, results) for entrant in entrants}
    not_run_records = {
        word: {"status": "not run", "reason": reason, "about": _describe_not_run(word)} for word, reason in not_run.items()
    }
    first = next(iter(results["comparison"].values()), None)
    comparison = {
        "schema": SCHEMA,
        **{key: results[key] for key in PROVENANCE},
        "guard": guard.predictor.name,
        "fpr_budget": cfg.eval.fpr_budget,
        "num_benchmarks": sum(record["status"] == "run" for record in results["benchmarks"].values()),
        "not_run_benchmarks": {
            name: record["reason"] for name, record in results["benchmarks"].items() if record["status"] != "run"
        },
        # It depends on the guard's threshold and the benign rows only, so it is the same for every baseline.
        "same_fpr": {
            policy: {key: first["matched"][policy].get(key) for key in ("fpr", "n_benign", "benign_kind")} if first else None
            for policy in POLICIES
        },
        "predictors": {**run_records, **not_run_records},
    }
    write_json(output_dir / "comparison.json", comparison)
    return comparison


def _describe_not_run(word: str) -> dict[str, Any]:
    """Licence, threshold and source of a baseline that was not run."""
    return {} if word in TRAINED_OR_WRITTEN else asdict(parse_hub_guard(word)[1])


def _describe(entrant: Entrant, results: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "status": "run",
        "reason": None,
        "threshold_from": entrant.threshold_from,
        "about": entrant.about,
        "policies": {policy: _collect_metrics(entrant, results, policy) for policy in POLICIES},
    }


def _collect_metrics(entrant: Entrant, results: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    name = entrant.predictor.name
    summary = results["summary"][name][policy][UNSEEN]
    comparison = results["comparison"].get(name)  # None for the guard itself
    any_comparison = comparison or next(iter(results["comparison"].values()), None)
    matched = any_comparison["matched"][policy] if any_comparison else {}
    metrics = {
        "threshold": entrant.calibration.threshold(policy),
        "macro_recall": summary["macro_recall"],
        "macro_fpr": summary["macro_fpr"],
        "attack_sets": len(summary["attack_sets"]),
        "benign_sets": len(summary["benign_sets"]),
        "n_attack": summary["n_attack"],
        "n_benign": summary["n_benign"],
        "recall_at_same_fpr": matched.get("baseline_macro_recall" if comparison else "guard_macro_recall"),
        "same_fpr_reached": matched.get("baseline_fpr" if comparison else "fpr"),
    }
    if comparison:
        paired = comparison["paired"][policy]
        metrics["guard_minus_baseline"] = {
            "recall": paired["recall"],
            "fpr": paired["fpr"],
            "recall_at_same_fpr": matched.get("pooled"),
        }
    return metrics
