"""The benchmark table and its runner.

`run_benchmarks` writes benchmark_results.json, whose every key docs/benchmark_results.md explains; benchmark_summary.csv, one
row per benchmark, predictor and policy; predictions.parquet, one row per text and predictor, without the texts; and errors.json,
a few texts that the subject judged wrongly (mistakes.py).
"""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import random
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ..config import Config
from ..data.attack_generators import ATTACKS, Attack, GeneratedExample, evaluation_attacks, generate_grid
from ..data.bipia import GROUP as BIPIA_GROUP
from ..data.bipia import TASKS
from ..data.hub_sources import HUB_SOURCES
from ..data.lookalikes import generate_lookalikes
from ..data.mixture import Splits
from ..data.pint import SOURCE_PREFIX as PINT_PREFIX
from ..data.schema import Example
from ..data.sources import left_out_name
from ..errors import DataError, GuardrailError
from ..files import atomic_write, write_json, write_text
from ..labels import Family, Label
from ..policy import DEFAULT_POLICY, POLICIES, Policy, family_of, is_counted
from ..run import describe_environment
from ..runtime.calibration import budget_key
from .calibration import Calibration
from .metrics import (
    DetectionCounts,
    category_score,
    class_metrics,
    clustered_interval,
    clustered_rate_interval,
    count_detections,
    expected_calibration_error,
    macro_mean,
    pair_accuracy,
    paired_difference,
    policy_metrics,
    recall_by_family,
    share_of,
    threshold_at_fpr,
    wilson_interval,
)
from .mistakes import find_mistakes
from .predictor import Predictions, Predictor, load_predictions, save_predictions
from .resampling import class_intervals, detection_intervals

log = logging.getLogger(__name__)

SCHEMA = 3
PARTIAL = "partial"  # directory of the scores of a run that has not ended
HELDOUT = "heldout/test"
LOOKALIKES = "heldout/lookalikes"
LOOKALIKE_CELLS = 4  # times data.generated_rows: they are of many kinds
BATCH_ROWS = 100  # of a benchmark, scored again at another batch size
UNSEEN = "unseen"  # file and generated benchmarks: sources and payloads that were never trained on

T = TypeVar("T")
Kind = Literal["file", "generated", "heldout"]
Headline = Literal["recall", "fpr", "both"]


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A named set of labelled texts. `reason` says why it cannot be run; then, and only then, there are no examples."""

    name: str
    revision: str
    kind: Kind
    policy: Policy  # what its labels mean: "full" where plain harmful requests count as attacks
    headline: Headline
    eval_group: str | None = None  # benchmarks whose rows are pooled in the report
    licence: str | None = None  # of the texts, where the data source states one
    examples: tuple[Example, ...] = ()
    reason: str | None = None

    def __post_init__(self) -> None:
        if not self.examples and self.reason is None:
            object.__setattr__(self, "reason", "the set has no rows")


# Benchmarks of the Hub: what their labels mean and what they can measure.
_HUB_BENCHMARKS: dict[str, tuple[Policy, Headline]] = {
    "jailbreakbench": ("full", "both"),
    "wildguardtest": ("full", "both"),
    "toxicchat": ("override", "both"),
    "deepset_test": ("override", "both"),
    "gandalf_test": ("override", "recall"),
    "tensor_trust_hijacking": ("override", "recall"),
    "qualifire": ("override", "both"),
    "notinject": ("override", "fpr"),
    "xstest": ("full", "both"),
    "harmbench": ("full", "recall"),
    "strongreject": ("full", "recall"),
}


def known_benchmarks() -> list[Benchmark]:
    """Public benchmarks that the project knows of, without rows: reported as not run where the data has none of the name."""
    revisions = {source.name: f"{source.repo}@{source.revision}" for source in HUB_SOURCES}
    reason = "not among the evaluation sets of this data; run with data.source=hub and HF_TOKEN set"
    hub = [
        Benchmark(name=name, revision=revisions[name], kind="file", policy=policy, headline=headline, reason=reason)
        for name, (policy, headline) in _HUB_BENCHMARKS.items()
    ]
    pint = Benchmark(
        name="pint", revision="lakeraai/pint-benchmark", kind="file", policy="override", headline="both",
        reason="the data set is private; ask Lakera for it (https://github.com/lakeraai/pint-benchmark) and set data.pint_path",
    )  # fmt: skip
    bipia = [
        Benchmark(
            name=f"{BIPIA_GROUP}/{task}", revision="microsoft/BIPIA", kind="file", policy="override", headline="both",
            eval_group=BIPIA_GROUP, reason="set data.bipia_dir to the directory `benchmark` of github.com/microsoft/BIPIA",
        )
        for task in TASKS
    ]  # fmt: skip
    artifacts = Benchmark(
        name="jbb_artifacts", revision="JailbreakBench/artifacts", kind="file", policy="override", headline="recall",
        reason="write the prompts of github.com/JailbreakBench/artifacts to eval/jbb_artifacts.jsonl of a local directory, with "
        "METHOD|MODEL as category",
    )  # fmt: skip
    return [pint, *bipia, artifacts, *hub]


def headline_of(examples: Sequence[Example]) -> Headline:
    """What a set with these labels can measure: recall needs attacks, FPR needs benign rows."""
    attack = any(example.label != Label.BENIGN for example in examples)
    benign = any(example.label == Label.BENIGN for example in examples)
    return "both" if attack and benign else "recall" if attack else "fpr"


def policy_of(examples: Sequence[Example]) -> Policy:
    """`full` for a set whose labels count plain harmful requests as attacks, `override` otherwise."""
    counted = is_counted(_labels(examples), _families(examples), "override")
    return "override" if counted.all() else "full"


def build_benchmarks(splits: Splits, cfg: Config) -> list[Benchmark]:
    """Every benchmark: evaluation files, generated cells, the held-out test split, look-alikes, and known ones without data."""
    trained = {example.source for example in splits.train}
    sets = []
    for name, examples in splits.evaluation.items():
        info = splits.manifest["evaluation"][name]
        # Rows of a source that is also trained on are no unseen data, whatever their file is called.
        kind: Kind = "heldout" if any(example.source in trained for example in examples) else "file"
        made = _benchmark(name, kind, examples, revision=_revision_of(info), group=info["eval_group"])
        sets.append(replace(made, licence=info["licence"]))
    heldout = _benchmark(HELDOUT, "heldout", splits.test, revision=f"groups held out, seed {cfg.data.seed}", group=None)
    unavailable = [known for known in known_benchmarks() if known.name not in splits.evaluation]
    return [*sets, *_generated_benchmarks(splits, cfg), heldout, _lookalikes(splits, cfg), *unavailable]


def _revision_of(info: Mapping[str, Any]) -> str | None:
    """The commit that the data source states and, as rows may have been picked from it, the checksum of the file."""
    stated, sha256 = info["revision"], info.get("sha256")
    checksum = f"sha256 {sha256[:12]}" if sha256 else None
    if checksum is None or (stated and checksum in stated):
        return stated
    return f"{stated}, {checksum}" if stated else checksum


def _generated_benchmarks(splits: Splits, cfg: Config) -> list[Benchmark]:
    """A benchmark per obfuscation family: reserved payloads and, as twins, benign texts that were held out.

    A cell is a transform in one form (bare, or inside a sentence), with `data.generated_rows` attacks and as many twins.
    A family that too few texts were found for says so in its `reason`; the others are run.
    """
    revision = f"seed {cfg.data.seed}, payloads of {cfg.data.reserved_payload_source}"
    if not splits.reserved_payloads:
        missing = _benchmark("generated", "generated", [], revision=revision, group=None)
        return [replace(missing, reason="data.reserved_payload_source is not set, so there are no unseen payloads")]

    benign = _held_out_benign(splits)

    def grid(name: str, family: str, attacks: Sequence[Attack]) -> Benchmark:
        rows, seed = cfg.data.generated_rows, cfg.data.seed
        examples: Sequence[Example] = []
        reason = None
        try:
            (examples,) = generate_grid({family: attacks}, splits.reserved_payloads, benign, rows=rows, seed=seed).values()
        except DataError as error:
            reason = str(error)
            log.warning("%s is not run: %s", name, error)
        return replace(_benchmark(name, "generated", examples, revision=revision, group=None), reason=reason)

    families = [grid(f"generated/{name}", name, attacks) for name, attacks in evaluation_attacks().items()]
    left_out = [ATTACKS[name] for name in cfg.data.left_out if name in ATTACKS]
    return families + [grid(left_out_name(each.name), each.family.name.lower(), [each]) for each in left_out]


def _lookalikes(splits: Splits, cfg: Config) -> Benchmark:
    """Benign texts that hold data: of the kinds and sentences that training uses, but none of its texts."""
    trained = {example.text for example in splits.train}
    made, reason = [], None
    try:
        made = generate_lookalikes(LOOKALIKE_CELLS * cfg.data.generated_rows, cfg.data.seed + 1, _held_out_benign(splits))
    except DataError as error:
        reason = str(error)
        log.warning("%s is not run: %s", LOOKALIKES, error)
    rows = [
        replace(example, split="test", category=example.source.removeprefix("lookalike_"))
        for example in made
        if example.text not in trained
    ]
    revision = f"seed {cfg.data.seed + 1}, benign texts held out"
    return replace(_benchmark(LOOKALIKES, "heldout", rows, revision=revision, group=None), reason=reason)


def _held_out_benign(splits: Splits) -> list[Example]:
    return [example for example in splits.test if example.label == Label.BENIGN and example.attack is None]


def _benchmark(name: str, kind: Kind, examples: Sequence[Example], *, revision: str | None, group: str | None) -> Benchmark:
    return Benchmark(
        name=name,
        revision=revision or "not stated by the data source",
        kind=kind,
        policy=policy_of(examples),
        headline=headline_of(examples),
        eval_group=group,
        examples=tuple(examples),
    )


def run_benchmarks(
    benchmarks: Sequence[Benchmark],
    predictors: Sequence[Predictor],
    calibrations: Mapping[str, Calibration],
    output_dir: Path,
    cfg: Config,
    *,
    identities: Mapping[str, str] | None = None,
    rebatched: Predictor | None = None,
    show_progress: bool = False,
) -> dict[str, Any]:
    """Run every predictor on every benchmark and write the four files of the module docstring to `output_dir`.

    The first predictor is the subject, the others are its baselines. `calibrations` is keyed by predictor name.
    `identities` says what a predictor's scores depend on, such as the checksum of its file: the scores of such a predictor
    are kept in `output_dir/partial` until all benchmarks are through, so that an interrupted run goes on where it stopped.
    `rebatched` is the subject at another batch size: decisions that differ are counted on BATCH_ROWS of each benchmark.
    Returns what benchmark_results.json holds. Raises DataError when nothing can be run or a name occurs twice, and
    GuardrailError, which begins with the benchmark's name, for scores that are no probabilities or not one for each text.
    """
    names = [predictor.name for predictor in predictors]
    _check_unique("predictor", names)
    _check_unique("benchmark", [benchmark.name for benchmark in benchmarks])
    if not predictors or all(benchmark.reason for benchmark in benchmarks):
        raise DataError("expected at least one predictor and one benchmark with rows, found none; check data.source")
    missing = sorted(set(names) - set(calibrations))
    if missing:
        raise DataError(f"no calibration for {missing}; calibrate every predictor on the validation rows first")

    def predict(predictor: Predictor, name: str, examples: Sequence[Example]) -> Predictions:
        desc = f"{predictor.name}: {name}" if show_progress else None
        identity = (identities or {}).get(predictor.name)
        if identity is not None and predictor is rebatched:
            identity = f"{identity}, rebatched"
        try:
            return _predict(predictor, [example.text for example in examples], desc, identity, output_dir / PARTIAL)
        except GuardrailError as error:
            kept = f". Scores of the benchmarks before it are kept in {output_dir / PARTIAL}" if identities and rows else ""
            raise type(error)(f"benchmark {name!r}: {error}{kept}") from error

    rows: list[_Rows] = []
    records: dict[str, Any] = {}
    batching: dict[str, _Flips] = {}
    num_run = sum(benchmark.reason is None for benchmark in benchmarks)
    for benchmark in benchmarks:
        examples = sample_rows(benchmark.examples, cfg.eval.max_rows_per_benchmark, f"{cfg.data.seed}:{benchmark.name}")
        record = _describe(benchmark, len(examples))
        records[benchmark.name] = record
        if benchmark.reason is not None:
            continue
        started = time.monotonic()
        for predictor in predictors:
            result = _Rows(benchmark, examples, predictor.name, predict(predictor, benchmark.name, examples))
            rows.append(result)
            record["results"][predictor.name] = result.measure(calibrations[predictor.name], cfg.data.seed)
        if rebatched is not None:
            chosen = sample_rows(range(len(examples)), BATCH_ROWS, f"{cfg.data.seed}:{benchmark.name}:batches")
            again = predict(rebatched, f"{benchmark.name}, in batches", [examples[i] for i in chosen])
            ours = next(row for row in rows[-len(predictors) :] if row.predictor == names[0])
            batching[benchmark.name] = _flips(ours.predictions.take(np.array(chosen)), again, calibrations[names[0]])
            record["batching"] = _shares(batching[benchmark.name])
        log.info(
            "benchmark %d of %d, %s: %s rows, %.0f s", sum(bool(each["results"]) for each in records.values()), num_run,
            benchmark.name, f"{len(examples):,}", time.monotonic() - started,
        )  # fmt: skip

    results = {
        "schema": SCHEMA,
        "environment": describe_environment(),
        "subject": names[0],
        "baselines": names[1:],
        "fpr_budget": cfg.eval.fpr_budget,
        "data_source": cfg.data.source,
        "predictors": {
            predictor.name: {
                "batch_size": getattr(predictor, "batch_size", None),
                "calibration": calibrations[predictor.name].to_dict(),
            }
            for predictor in predictors
        },
        "benchmarks": records,
        "batching": _batching(rebatched, batching),
        "summary": {name: _summarise(records, rows, name, calibrations[name], cfg.data.seed) for name in names},
    }
    results["comparison"] = {
        name: {
            **compare_to_baseline(results, name),
            "matched": {
                policy: _matched_recall(rows, names[0], name, calibrations[names[0]], policy, cfg.data.seed)
                for policy in POLICIES
            },
            "paired": {policy: _paired_rates(rows, names[0], name, calibrations, policy, cfg.data.seed) for policy in POLICIES},
        }
        for name in names[1:]
    }
    write_text(output_dir / "benchmark_summary.csv", _summary_csv(records))
    _write_predictions(output_dir / "predictions.parquet", rows)
    subject_rows = [row for row in rows if row.predictor == names[0]]
    write_json(output_dir / "errors.json", find_mistakes(subject_rows, calibrations[names[0]]))
    write_json(output_dir / "benchmark_results.json", results)  # last: where it is, the others are of the same run
    shutil.rmtree(output_dir / PARTIAL, ignore_errors=True)
    return results


def _predict(predictor: Predictor, texts: Sequence[str], desc: str | None, identity: str | None, kept: Path) -> Predictions:
    """Scores of N texts, checked: those that an interrupted run kept for the same identity and texts, or new ones."""
    if identity is None:
        predictions = predictor.predict(texts, desc=desc)
        predictions.check(len(texts), predictor.name)
        return predictions
    digest = hashlib.blake2b(identity.encode(), digest_size=16)
    for text in texts:
        digest.update(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest())
    file = kept / f"{digest.hexdigest()}.npz"
    if file.is_file():
        predictions = load_predictions(file)
        predictions.check(len(texts), predictor.name)
        return predictions
    predictions = _predict(predictor, texts, desc, None, kept)
    save_predictions(file, predictions)
    return predictions


def compare_to_baseline(results: Mapping[str, Any], baseline: str | None = None, kind: str = UNSEEN) -> dict[str, Any]:
    """Does the guard beat a baseline (default: the first one): a higher mean recall at a mean FPR that is no higher?

    Both at their own calibrated thresholds, on sets that were never trained on. Returns, per policy, the means of
    both predictors and `guard_wins` (None where a mean is undefined), and `guard_wins` of the default policy on top.
    Raises DataError when there are no results of that baseline.
    """
    guard = results["subject"]
    if baseline is None:
        if not results["baselines"]:
            raise DataError("these results have no baseline to compare with; run the benchmarks with one")
        baseline = results["baselines"][0]
    if baseline not in results["summary"]:
        raise DataError(f"no results of {baseline!r}; this file has {sorted(results['summary'])}")
    policies: dict[str, Any] = {}
    for policy in POLICIES:
        ours, theirs = (results["summary"][name][policy][kind] for name in (guard, baseline))
        defined = None not in (ours["macro_recall"], theirs["macro_recall"], ours["macro_fpr"], theirs["macro_fpr"])
        policies[policy] = {
            "guard": {key: ours[key] for key in ("macro_recall", "macro_fpr", "pooled_recall", "pooled_fpr")},
            "baseline": {key: theirs[key] for key in ("macro_recall", "macro_fpr", "pooled_recall", "pooled_fpr")},
            "num_attack_sets": len(ours["attack_sets"]),
            "num_benign_sets": len(ours["benign_sets"]),
            "guard_wins": (ours["macro_recall"] > theirs["macro_recall"] and ours["macro_fpr"] <= theirs["macro_fpr"])
            if defined
            else None,
        }
    return {
        "guard": guard,
        "baseline": baseline,
        "sets": kind,
        "policies": policies,
        "guard_wins": policies[DEFAULT_POLICY]["guard_wins"],
    }


def evaluate_heldout(
    predictor: Predictor,
    examples: Sequence[Example],
    calibration: Calibration,
    *,
    seed: int = 0,
    show_progress: bool = False,
) -> dict[str, Any]:
    """Figures of one predictor on the held-out test split, as under `results` in the module docstring, plus provenance.

    These rows come from training sources: they show that training worked, not how the guard generalises.
    """
    benchmark = _benchmark(HELDOUT, "heldout", examples, revision="groups held out of training sources", group=None)
    if benchmark.reason is not None:
        raise DataError(f"cannot measure test metrics: {benchmark.reason}; raise data.test_fraction")
    desc = f"{predictor.name}: {HELDOUT}" if show_progress else None
    predictions = predictor.predict([example.text for example in examples], desc=desc)
    predictions.check(len(examples), predictor.name)
    measured = _Rows(benchmark, examples, predictor.name, predictions).measure(calibration, seed)
    return {"benchmark": HELDOUT, "predictor": predictor.name, **measured, "calibration": calibration.to_dict()}


@dataclass(frozen=True)
class _Rows:
    """What one predictor said about one benchmark."""

    benchmark: Benchmark
    examples: Sequence[Example]
    predictor: str
    predictions: Predictions

    def measure(self, calibration: Calibration, seed: int) -> dict[str, Any]:
        """Every figure of this pair, as the module docstring lists them."""
        labels, families = _labels(self.examples), _families(self.examples)
        own, predictions = self.benchmark.policy, self.predictions
        policies = {policy: self._figures(labels, families, policy, calibration, seed) for policy in POLICIES}
        classes = class_metrics(labels, predictions.class_probs.argmax(axis=1))
        groups = [example.group for example in self.examples]
        classes["intervals"] = class_intervals(labels, predictions.class_probs, groups, rng=np.random.default_rng(seed))
        hits = predictions.p_attack[own] >= calibration.threshold(own)
        attack = self.is_attack(own)
        keys = self._keys()
        by = {name: self._by(each, labels, families, calibration, seed) for name, each in keys.items()}
        heads = [category and category.split("|")[0] for category in keys["by_category"]]
        shared = {head for head, category in zip(heads, keys["by_category"], strict=True) if head != category}
        heads = [head if head in shared else None for head in heads]
        by["by_category"] |= self._by(heads, labels, families, calibration, seed)
        return {
            "policy": own,
            "budget": budget_key(calibration.fpr_budget),
            **policies[own],
            "weighted_f1": classes["weighted_f1"],
            "policies": policies,
            "classes": classes,
            "calibration_error": expected_calibration_error(labels, predictions.class_probs),
            "routing": predictions.deep_share(),
            "windows": int(predictions.num_windows.sum()),
            "category_score": self._category_score(labels, hits),
            "pairs": pair_accuracy(attack, labels == Label.BENIGN, hits, groups, seed),
            "family_recall": recall_by_family(labels, families, predictions.p_attack[own], own, calibration.threshold(own)),
            **by,
        }

    def _figures(
        self, labels: np.ndarray, families: np.ndarray, policy: Policy, calibration: Calibration, seed: int
    ) -> dict[str, Any]:
        """Detection under one policy, with the intervals that resample whole groups."""
        scores, threshold, budget = self.predictions.p_attack[policy], calibration.threshold(policy), calibration.fpr_budget
        counted = is_counted(labels, families, policy)
        intervals = detection_intervals(
            labels[counted], scores[counted], _groups(self.examples, counted), threshold=threshold, budget=budget,
            rng=np.random.default_rng(seed),
        )  # fmt: skip
        return {
            **policy_metrics(labels, families, scores, policy, threshold, budget),
            **self._clustered(labels, counted, scores >= threshold, seed),
            "intervals": intervals,
        }

    def _clustered(self, labels: np.ndarray, counted: np.ndarray, flagged: np.ndarray, seed: int) -> dict[str, Any]:
        """Intervals of recall and FPR for rows that share groups; None where each row is its own, for which Wilson's holds."""
        found = {}
        for name, chosen in (("recall", counted & (labels != Label.BENIGN)), ("fpr", counted & (labels == Label.BENIGN))):
            groups = _groups(self.examples, chosen)
            shared = len(set(groups)) < len(groups)
            found[f"{name}_clustered_interval"] = (
                clustered_rate_interval(flagged[chosen], groups, rng=np.random.default_rng(seed)) if shared else None
            )
        return found

    def _keys(self) -> dict[str, list[str | None]]:
        """What the rows are told apart by."""
        return {
            "by_lang": [example.lang for example in self.examples],
            "by_length": [_length_of(example) for example in self.examples],
            "by_category": [example.category for example in self.examples],
            "by_form": [_form_of(example) for example in self.examples],
            "by_attack": [_attack_of(example) for example in self.examples],
            "by_route": self._routes(),
        }

    def _category_score(self, labels: np.ndarray, hits: np.ndarray) -> dict[str, Any] | None:
        """The score of PINT, whose rows name their category in `source` (src/data/pint.py)."""
        if not self.examples or not all(example.source.startswith(PINT_PREFIX) for example in self.examples):
            return None
        categories = [example.source.removeprefix(PINT_PREFIX) for example in self.examples]
        return category_score(labels != Label.BENIGN, hits, categories)

    def is_attack(self, policy: Policy) -> np.ndarray:
        """(N,) bool: attacks that the policy counts."""
        labels = _labels(self.examples)
        return is_counted(labels, _families(self.examples), policy) & (labels != Label.BENIGN)

    def _routes(self) -> list[str | None]:
        """An attacker may try to steer the router, so both routes are counted apart. None without a router."""
        has_router = np.isfinite(self.predictions.p_deep)
        return [
            ("deep" if deep else "fast") if routed else None
            for deep, routed in zip(self.predictions.is_deep, has_router, strict=True)
        ]

    def _by(
        self, keys: Sequence[str | None], labels: np.ndarray, families: np.ndarray, calibration: Calibration, seed: int
    ) -> dict[str, Any]:
        """Detection under the benchmark's own policy for each value of a key; rows without a value are left out."""
        own = self.benchmark.policy
        counted, threshold = is_counted(labels, families, own), calibration.threshold(own)
        key_of, flagged = np.array(keys, dtype=object), self.predictions.p_attack[own] >= threshold
        return {
            key: count_detections(labels[chosen], self.predictions.p_attack[own][chosen], threshold).to_dict()
            | self._clustered(labels, chosen, flagged, seed)
            | {"deep_share": self.predictions.deep_share(chosen)["share"]}
            for key in sorted({key for key in keys if key is not None})
            if (chosen := (key_of == key) & counted).any()
        }


LENGTHS = (100, 400, 1600)  # characters


def _length_of(example: Example) -> str:
    """Which of the lengths a text does not reach, such as "below 400"; the longest are "1600 and more"."""
    return next((f"below {length}" for length in LENGTHS if len(example.text) < length), f"{LENGTHS[-1]} and more")


def _form_of(example: Example) -> str | None:
    """Whether a generated text stands alone or inside a sentence that explains it; None for other texts."""
    if not isinstance(example, GeneratedExample):
        return None
    return "bare" if example.wrapper is None else "wrapped"


def _attack_of(example: Example) -> str | None:
    """ "flip/fcs bare": a guard that only knows the wrapper fails on the bare form, so the two are never mixed."""
    form = _form_of(example)
    return f"{example.attack} {form}" if form else example.attack


def _labels(examples: Sequence[Example]) -> np.ndarray:
    return np.array([example.label for example in examples], dtype=np.int64)


def _families(examples: Sequence[Example]) -> np.ndarray:
    return np.array([example.family for example in examples], dtype=np.int64)


def _groups(examples: Sequence[Example], chosen: np.ndarray) -> list[str]:
    return [example.group for example, keep in zip(examples, chosen, strict=True) if keep]


def _check_unique(what: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"{what} names must be unique, found {twice} more than once")


def sample_rows(rows: Sequence[T], limit: int, key: str) -> Sequence[T]:
    """A sample of `limit` rows drawn by `key`, in their order; all of them for 0."""
    if not limit or len(rows) <= limit:
        return rows
    return [rows[i] for i in sorted(random.Random(key).sample(range(len(rows)), limit))]


_Flips = dict[Policy, np.ndarray]  # (n,) bool: the decision of each text differs


def _flips(ours: Predictions, again: Predictions, calibration: Calibration) -> _Flips:
    return {
        policy: (ours.p_attack[policy] >= calibration.threshold(policy))
        != (again.p_attack[policy] >= calibration.threshold(policy))
        for policy in POLICIES
    }


def _shares(flips: _Flips) -> dict[str, Any]:
    return {policy: share_of(flipped) for policy, flipped in flips.items()}


def _batching(rebatched: Predictor | None, flips: Mapping[str, _Flips]) -> dict[str, Any] | None:
    """Over all benchmarks; None where the subject was scored at one batch size only."""
    if rebatched is None:
        return None
    pooled = {policy: np.concatenate([each[policy] for each in flips.values()]) for policy in POLICIES}
    return {"batch_size": getattr(rebatched, "batch_size", None), "flips": _shares(pooled)}


def _describe(benchmark: Benchmark, n: int) -> dict[str, Any]:
    return {
        "revision": benchmark.revision,
        "kind": benchmark.kind,
        "policy": benchmark.policy,
        "headline": benchmark.headline,
        "eval_group": benchmark.eval_group,
        "status": "run" if benchmark.reason is None else "not run",
        "reason": benchmark.reason,
        "n_available": len(benchmark.examples),
        "n": n,
        "batching": None,
        "results": {},
    }


def _counts(detection: Mapping[str, Any]) -> DetectionCounts:
    return DetectionCounts(*(detection[key] for key in ("tp", "fp", "tn", "fn")))


MAX_ROUTING_GAP = 0.1  # between the share of texts sent deep and the one asked for, before the summary says so

KINDS: dict[str, tuple[Kind, ...]] = {
    UNSEEN: ("file", "generated"), "file": ("file",), "generated": ("generated",), "heldout": ("heldout",),
}  # fmt: skip


def _summarise(
    records: Mapping[str, Any], rows: Sequence[_Rows], predictor: str, calibration: Calibration, seed: int
) -> dict[str, Any]:
    """Means over sets and summed counts, per policy and kind, and summed counts per evaluation group, language and length."""
    run = {name: record for name, record in records.items() if record["status"] == "run"}
    own = [row for row in rows if row.predictor == predictor]
    summary: dict[str, Any] = {}
    for policy in POLICIES:
        found = {name: record["results"][predictor]["policies"][policy] for name, record in run.items()}
        summary[policy] = {
            key: _means({name: found[name] for name in found if run[name]["kind"] in members})
            | _pooled_intervals([row for row in own if row.benchmark.kind in members], policy, calibration, seed)
            for key, members in KINDS.items()
        }
    groups = sorted({record["eval_group"] for record in run.values() if record["eval_group"]})
    summary["groups"] = {
        group: {
            policy: _sum_of(
                record["results"][predictor]["policies"][policy] for record in run.values() if record["eval_group"] == group
            ).to_dict()
            for policy in POLICIES
        }
        for group in groups
    }
    files = [row for row in own if row.benchmark.kind == "file"]
    summary["by_lang"] = _summed_by(files, lambda example: example.lang, calibration)
    summary["by_length"] = _summed_by(files, _length_of, calibration)
    routed = [record["results"][predictor]["routing"] for record in run.values() if record["kind"] != "heldout"]
    n, deep = sum(part["n"] for part in routed), sum(round(part["n"] * part["share"]) for part in routed if part["n"])
    summary["routing"] = {
        "n": n, "share": deep / n if n else None, "interval": wilson_interval(deep, n),
        "asked": calibration.target_deep_fraction,
        "is_off": None if not n or calibration.target_deep_fraction is None
        else abs(deep / n - calibration.target_deep_fraction) > MAX_ROUTING_GAP,
    }  # fmt: skip
    return summary


def _pooled_intervals(rows: Sequence[_Rows], policy: Policy, calibration: Calibration, seed: int) -> dict[str, Any]:
    """Intervals of pooled recall and FPR that resample groups across sets: one payload stands in several."""
    found = {}
    for name in ("recall", "fpr"):
        hits, groups = [np.zeros(0, dtype=bool)], []
        for row in rows:
            chosen = row.is_attack(policy) if name == "recall" else _labels(row.examples) == Label.BENIGN
            hits.append(row.predictions.p_attack[policy][chosen] >= calibration.threshold(policy))
            groups += _groups(row.examples, chosen)
        found[f"pooled_{name}_clustered_interval"] = clustered_rate_interval(
            np.concatenate(hits), groups, rng=np.random.default_rng(seed)
        )
    return found


def _summed_by(
    rows: Sequence[_Rows], key_of: Callable[[Example], str | None], calibration: Calibration
) -> dict[str, dict[str, Any]]:
    """Key -> policy -> summed counts over the sets, such as all false alarms in one language."""
    counts: dict[str, dict[Policy, DetectionCounts]] = {}
    for row in rows:
        labels, families = _labels(row.examples), _families(row.examples)
        keys = np.array([key_of(example) for example in row.examples], dtype=object)
        for key in {key for key in keys if key is not None}:
            of_key = counts.setdefault(key, dict.fromkeys(POLICIES, DetectionCounts(0, 0, 0, 0)))
            for policy in POLICIES:
                chosen = (keys == key) & is_counted(labels, families, policy)
                of_key[policy] += count_detections(
                    labels[chosen], row.predictions.p_attack[policy][chosen], calibration.threshold(policy)
                )
    return {key: {policy: found.to_dict() for policy, found in counts[key].items()} for key in sorted(counts)}


def _sum_of(detections: Any) -> DetectionCounts:
    return sum(map(_counts, detections), DetectionCounts(0, 0, 0, 0))


def _means(found: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A set with attacks counts in the mean recall, a set with benign rows in the mean FPR."""
    pooled = _sum_of(found.values()).to_dict()
    return {
        "attack_sets": [name for name, detection in found.items() if detection["n_attack"]],
        "benign_sets": [name for name, detection in found.items() if detection["n_benign"]],
        "macro_recall": macro_mean([detection["recall"] for detection in found.values()]),
        "macro_fpr": macro_mean([detection["fpr"] for detection in found.values()]),
        "pooled_recall": pooled["recall"],
        "pooled_recall_interval": pooled["recall_interval"],
        "pooled_fpr": pooled["fpr"],
        "pooled_fpr_interval": pooled["fpr_interval"],
        "n_attack": pooled["n_attack"],
        "n_benign": pooled["n_benign"],
    }


def _matched_recall(
    rows: Sequence[_Rows], guard: str, baseline: str, calibration: Calibration, policy: Policy, seed: int
) -> dict[str, Any]:
    """Recall of guard and baseline on each attack set at the same FPR on the same benign rows.

    The guard keeps its calibrated threshold. The baseline gets the threshold that gives it the guard's FPR on the
    benign rows of the file benchmarks, which favours it: that threshold is used in this comparison only. Where no file
    benchmark has any, the benign rows of the held-out split decide (`benign_kind`). A baseline whose scores repeat may
    stay below that FPR (`baseline_fpr`). Differences have a bootstrap interval over groups, paired by text; `pooled` is
    `paired_difference` over the rows of all sets.
    """
    kinds: tuple[Kind, ...] = ("file", "heldout")
    benign_kind = next((kind for kind in kinds if _benign_scores(rows, guard, kind, policy).size), None)
    if benign_kind is None:
        reason = "no file benchmark has benign rows and neither has the held-out split"
        return {"n_benign": 0, "fpr": None, "sets": {}, "reason": reason}
    benign = {name: _benign_scores(rows, name, benign_kind, policy) for name in (guard, baseline)}
    ours = calibration.threshold(policy)
    budget = float((benign[guard] >= ours).mean())
    theirs = threshold_at_fpr(benign[baseline], min(budget, 1 - 1e-9))
    sets: dict[str, Any] = {}
    pooled: list[tuple[np.ndarray, np.ndarray, list[str]]] = []
    for guard_row, baseline_row in _pairs(rows, guard, baseline):
        attack = guard_row.is_attack(policy)
        if not attack.any():
            continue
        hits = guard_row.predictions.p_attack[policy][attack] >= ours
        other = baseline_row.predictions.p_attack[policy][attack] >= theirs
        groups = _groups(guard_row.examples, attack)
        pooled.append((hits, other, groups))
        paired = hits.astype(np.float64) - other
        sets[guard_row.benchmark.name] = {
            "n": int(attack.sum()),
            "guard_recall": share_of(hits)["share"],
            "baseline_recall": share_of(other)["share"],
            "difference": float(paired.mean()),
            "difference_interval": clustered_interval(paired, groups, rng=np.random.default_rng(seed)),
        }
    return {
        "n_benign": int(benign[guard].size),
        "benign_kind": benign_kind,
        "fpr": budget,
        "baseline_fpr": float((benign[baseline] >= theirs).mean()),
        "guard_threshold": ours,
        "baseline_threshold": theirs,
        "guard_macro_recall": macro_mean([part["guard_recall"] for part in sets.values()]),
        "baseline_macro_recall": macro_mean([part["baseline_recall"] for part in sets.values()]),
        "pooled": _pooled_difference(pooled, seed),
        "sets": sets,
    }


def _paired_rates(
    rows: Sequence[_Rows], guard: str, baseline: str, calibrations: Mapping[str, Calibration], policy: Policy, seed: int
) -> dict[str, Any]:
    """`paired_difference` of recall and of FPR, guard minus baseline, each at its own stored threshold.

    Over the rows of all sets that were never trained on. Groups are resampled across sets: the texts that generators
    make from one payload stand in several.
    """
    recall: list[tuple[np.ndarray, np.ndarray, list[str]]] = []
    fpr: list[tuple[np.ndarray, np.ndarray, list[str]]] = []
    for pair in _pairs(rows, guard, baseline):
        flags = [row.predictions.p_attack[policy] >= calibrations[row.predictor].threshold(policy) for row in pair]
        benign = _labels(pair[0].examples) == Label.BENIGN
        for found, chosen in ((recall, pair[0].is_attack(policy)), (fpr, benign)):
            found.append((flags[0][chosen], flags[1][chosen], _groups(pair[0].examples, chosen)))
    return {"recall": _pooled_difference(recall, seed), "fpr": _pooled_difference(fpr, seed)}


def _pooled_difference(parts: Sequence[tuple[np.ndarray, np.ndarray, list[str]]], seed: int) -> dict[str, Any]:
    """`paired_difference` over the rows of several sets: verdicts of the guard, of the baseline, and groups of each."""
    none = np.zeros(0, dtype=bool)
    ours, theirs = (np.concatenate([none, *(part[side] for part in parts)]) for side in (0, 1))
    groups = [group for _, _, names in parts for group in names]
    return paired_difference(ours, theirs, groups, rng=np.random.default_rng(seed))


def _pairs(rows: Sequence[_Rows], guard: str, baseline: str) -> list[tuple[_Rows, _Rows]]:
    """What both said about each set that was never trained on."""
    of = {name: [row for row in rows if row.predictor == name and row.benchmark.kind != "heldout"] for name in (guard, baseline)}
    return list(zip(of[guard], of[baseline], strict=True))


def _benign_scores(rows: Sequence[_Rows], predictor: str, kind: Kind, policy: Policy) -> np.ndarray:
    """p_attack of the benign rows of all sets of a kind; of the look-alikes, which all resemble attacks, none."""
    chosen = [
        row for row in rows if row.predictor == predictor and row.benchmark.kind == kind and row.benchmark.name != LOOKALIKES
    ]
    scores = [row.predictions.p_attack[policy][_labels(row.examples) == Label.BENIGN] for row in chosen]
    return np.concatenate([np.zeros(0), *scores])


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


def _summary_csv(records: Mapping[str, Any]) -> str:
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


def _write_predictions(path: Path, rows: Sequence[_Rows]) -> None:
    """Scores of every text, for analyses that need no model. `index` is the row in the benchmark that was scored."""
    tables = [_prediction_table(row) for row in rows]
    with atomic_write(path) as partial:
        pq.write_table(pa.concat_tables(tables), partial)


def _prediction_table(row: _Rows) -> pa.Table:
    n, predictions = len(row.examples), row.predictions
    predicted_class = predictions.class_probs.argmax(axis=1)
    predicted_family = family_of(predicted_class != Label.BENIGN, predictions.family_probs)
    return pa.table(
        {
            "benchmark": pa.array([row.benchmark.name] * n, pa.string()),
            "model": pa.array([row.predictor] * n, pa.string()),
            "index": pa.array(range(n), pa.int64()),
            "source": pa.array([example.source for example in row.examples], pa.string()),
            "group": pa.array([example.group for example in row.examples], pa.string()),
            "lang": pa.array([example.lang for example in row.examples], pa.string()),
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
