"""Every predictor on every benchmark, scored, measured and written; an interrupted run resumes."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..config import Config
from ..data.schema import Example
from ..errors import DataError, GuardrailError
from ..run import provenance
from ..runtime.calibration import Calibration
from .against_baseline import Contender, compare_to_baseline
from .batching import REBATCHED_ROWS, DecisionFlips
from .benchmark_files import SCHEMA, write_results
from .benchmarks import HELDOUT, Benchmark, sample_rows
from .predictor import Predictions, Predictor, load_predictions, save_predictions, take_texts
from .score_cache import ScoreCache, scores_key
from .scored import ScoredRows
from .summary import summarise

log = logging.getLogger(__name__)

PARTIAL = "partial"  # subdirectory with the cached scores of an unfinished run


def run_benchmarks(
    benchmarks: Sequence[Benchmark],
    predictors: Sequence[Predictor],
    calibrations: Mapping[str, Calibration],
    output_dir: Path,
    cfg: Config,
    *,
    identities: Mapping[str, str] | None = None,
    rebatched: Predictor | None = None,
    model_path: Path | None = None,
    show_progress: bool = False,
) -> dict[str, Any]:
    """Run every predictor on every benchmark and write the four files of benchmark_files.py to `output_dir`.

    The first predictor is the subject, the others are its baselines. `calibrations` is keyed by predictor name.
    `identities` says what a predictor's scores depend on, such as the checksum of its file: the scores of such a predictor
    are kept in `output_dir/partial` until all benchmarks are through, so that an interrupted run resumes.
    `rebatched` is the subject at another batch size: decisions that differ are counted on REBATCHED_ROWS of each benchmark.
    `model_path` is the path of the subject, from which its training data are identified.
    Returns what benchmark_results.json holds. Raises DataError when nothing can be run or a name occurs twice, and
    GuardrailError, which begins with the benchmark's name, for scores that are not probabilities or not one per text.
    """
    _check_inputs(benchmarks, predictors, calibrations)
    partial = output_dir / PARTIAL
    run = _Run(predictors, calibrations, cfg, _Scorer(partial, identities or {}, show_progress), rebatched)
    num_runnable, num_finished = sum(benchmark.reason is None for benchmark in benchmarks), 0
    outcomes = []
    for benchmark in benchmarks:
        started = time.monotonic()
        outcome = run.run_benchmark(benchmark)
        outcomes.append(outcome)
        if benchmark.reason is None:
            num_finished += 1
            seconds = time.monotonic() - started
            log.info(
                "benchmark %d of %d, %s: %s rows, %.0f s", num_finished, num_runnable, benchmark.name, f"{outcome.n:,}", seconds
            )
    results = provenance(cfg, model_path) | run.build_results(outcomes)
    write_results(output_dir, results, [row for outcome in outcomes for row in outcome.scored])
    shutil.rmtree(partial, ignore_errors=True)
    return results


def evaluate_heldout(
    predictor: Predictor,
    examples: Sequence[Example],
    calibration: Calibration,
    *,
    show_progress: bool = False,
) -> dict[str, Any]:
    """Figures of one predictor on the held-out test split, as `ScoredRows.measure` has them, plus provenance.

    These rows come from training sources: they show that training worked, not how the guard generalises.
    """
    benchmark = Benchmark.of_rows(HELDOUT, "heldout", examples, revision="groups held out of training sources", group=None)
    if benchmark.reason is not None:
        raise DataError(f"cannot measure test metrics: {benchmark.reason}; train with a larger data.test_fraction")
    predictions = _Scorer(None, {}, show_progress).predict(predictor, HELDOUT, examples)
    figures = ScoredRows(benchmark, examples, predictor.name, predictions, calibration).measure(seed=0)
    return {"benchmark": HELDOUT, "predictor": predictor.name, **figures, "calibration": calibration.to_dict()}


@dataclass(frozen=True)
class _Scorer:
    """Scores texts with a predictor, or reads the scores that an interrupted run cached."""

    cache_dir: Path | None  # of the cached scores; None: nothing is cached
    identities: Mapping[str, str]  # by predictor name; scores of a predictor without one are not cached
    show_progress: bool

    def predict(self, predictor: Predictor, title: str, examples: Sequence[Example], *, variant: str = "") -> Predictions:
        """Checked scores of N texts. variant: distinguishes the cached scores of one predictor that is run in another way."""
        texts = [example.text for example in examples]
        desc = f"{predictor.name}: {title}" if self.show_progress else None

        def checked(predictions: Predictions) -> Predictions:
            predictions.check(len(texts), predictor.name)
            return predictions

        identity = self.identities.get(predictor.name)
        if identity is None:
            return checked(predictor.predict(texts, desc=desc))
        cache = ScoreCache(self.cache_dir, ".npz", load=lambda file: checked(load_predictions(file)), save=save_predictions)
        key = scores_key(f"{identity}{variant}", texts)
        return cache.read_or_compute(key, lambda: checked(predictor.predict(texts, desc=desc)))

    def describe_cache(self) -> str:
        """The end of an error message: where cached scores lie; "" where nothing is cached."""
        if not self.identities or self.cache_dir is None or not self.cache_dir.is_dir():
            return ""
        return f". Scores of the benchmarks before it are kept in {self.cache_dir}"


@dataclass(frozen=True)
class _Outcome:
    """Result of one benchmark. `n`: its rows that every predictor scored, unless it is not run."""

    benchmark: Benchmark
    n: int
    scored: list[ScoredRows] = field(default_factory=list)  # one per predictor, the subject's first
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)  # by predictor
    flips: DecisionFlips | None = None  # None: the subject was scored at one batch size only

    def to_dict(self) -> dict[str, Any]:
        """The record of the benchmark in benchmark_results.json."""
        return {
            "revision": self.benchmark.revision,
            "kind": self.benchmark.kind,
            "policy": self.benchmark.policy,
            "headline": self.benchmark.headline,
            "eval_group": self.benchmark.eval_group,
            "status": "run" if self.benchmark.reason is None else "not run",
            "reason": self.benchmark.reason,
            "n_available": len(self.benchmark.examples),
            "n": self.n,
            "batching": None if self.flips is None else self.flips.to_dict(),
            "results": self.figures,
        }


@dataclass(frozen=True)
class _Run:
    """What all benchmarks of a run share."""

    predictors: Sequence[Predictor]
    calibrations: Mapping[str, Calibration]
    cfg: Config
    scorer: _Scorer
    rebatched: Predictor | None

    def run_benchmark(self, benchmark: Benchmark) -> _Outcome:
        """Score the benchmark, or a sample of it, and measure."""
        seed = self.cfg.data.seed
        examples = sample_rows(benchmark.examples, self.cfg.eval.max_rows_per_benchmark, f"{seed}:{benchmark.name}")
        if benchmark.reason is not None:
            return _Outcome(benchmark, len(examples))
        scored, figures = [], {}
        for predictor in self.predictors:
            predictions = self._predict(predictor, benchmark.name, examples)
            scored_rows = ScoredRows(benchmark, examples, predictor.name, predictions, self.calibrations[predictor.name])
            scored.append(scored_rows)
            figures[predictor.name] = scored_rows.measure(seed)
        flips = None if self.rebatched is None else self._compare_rebatched(self.rebatched, scored[0])
        return _Outcome(benchmark, len(examples), scored, figures, flips)

    def _predict(self, predictor: Predictor, title: str, examples: Sequence[Example], *, variant: str = "") -> Predictions:
        try:
            return self.scorer.predict(predictor, title, examples, variant=variant)
        except GuardrailError as error:
            raise type(error)(f"benchmark {title!r}: {error}{self.scorer.describe_cache()}") from error

    def _compare_rebatched(self, rebatched: Predictor, subject: ScoredRows) -> DecisionFlips:
        """Decisions of the subject that differ at the other batch size, on a sample of the rows."""
        name = subject.benchmark.name
        indices = sample_rows(range(len(subject.examples)), REBATCHED_ROWS, f"{self.cfg.data.seed}:{name}:batches")
        examples = [subject.examples[i] for i in indices]
        rebatched_predictions = self._predict(rebatched, f"{name}, in batches", examples, variant=", rebatched")
        return DecisionFlips.between(
            take_texts(subject.predictions, np.array(indices)), rebatched_predictions, subject.calibration
        )

    def build_results(self, outcomes: Sequence[_Outcome]) -> dict[str, Any]:
        """The content of benchmark_results.json, except for its provenance."""
        seed, names = self.cfg.data.seed, [predictor.name for predictor in self.predictors]
        contenders = []
        for place, name in enumerate(names):
            rows = [outcome.scored[place] for outcome in outcomes if outcome.scored]
            contenders.append(Contender(name, rows, summarise(rows, self.calibrations[name], seed)))
        return {
            "schema": SCHEMA,
            "subject": names[0],
            "baselines": names[1:],
            "fpr_budget": self.cfg.eval.fpr_budget,
            "data_source": self.cfg.data.source,
            "predictors": {
                predictor.name: {
                    "batch_size": getattr(predictor, "batch_size", None),
                    "calibration": self.calibrations[predictor.name].to_dict(),
                }
                for predictor in self.predictors
            },
            "benchmarks": {outcome.benchmark.name: outcome.to_dict() for outcome in outcomes},
            "batching": self._batching(outcomes),
            "summary": {contender.name: contender.summary.to_dict() for contender in contenders},
            "comparison": {other.name: compare_to_baseline(contenders[0], other, seed) for other in contenders[1:]},
        }

    def _batching(self, outcomes: Sequence[_Outcome]) -> dict[str, Any] | None:
        """Decision flips over all benchmarks; None where the subject was scored at one batch size only."""
        if self.rebatched is None:
            return None
        pooled = DecisionFlips.join(outcome.flips for outcome in outcomes if outcome.flips is not None)
        return {"batch_size": getattr(self.rebatched, "batch_size", None), "flips": pooled.to_dict()}


def _check_inputs(
    benchmarks: Sequence[Benchmark], predictors: Sequence[Predictor], calibrations: Mapping[str, Calibration]
) -> None:
    """Raise DataError for inputs that cannot be run."""
    names = [predictor.name for predictor in predictors]
    _check_unique("predictor", names)
    _check_unique("benchmark", [benchmark.name for benchmark in benchmarks])
    if not predictors or all(benchmark.reason for benchmark in benchmarks):
        raise DataError("expected at least one predictor and one benchmark with rows, found none; check data.source")
    missing = sorted(set(names) - set(calibrations))
    if missing:
        raise DataError(f"no calibration for {missing}; calibrate every predictor on the validation rows first")


def _check_unique(kind: str, names: Sequence[str]) -> None:
    duplicates = sorted({name for name in names if names.count(name) > 1})
    if duplicates:
        raise DataError(f"{kind} names must be unique, found {duplicates} more than once")
