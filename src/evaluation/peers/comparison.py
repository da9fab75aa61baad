"""The guard and its peers on the same texts: at the threshold of each, and at one false-alarm rate on ordinary chat for all.

`compare_peers` returns what peers.json holds, beside the conditions of every results file (src/run.py), schema 1:
    schema, chat_fpr (the rate that all are set to), chat (its files), n_chat
    files.<file>: n, n_attack, n_benign
    guards.<name>: status ("run" or "not run"), reason, about, and where it was run:
        threshold.<point>, recall.<point>.<file>, mean_recall.<point> (over files), fpr.<point>.<file>, chat_fpr.<point>,
        with own (its own threshold) and matched (the rate of all) as points; a guard with few distinct scores may have a lower
        matched rate than the common one
        ms (median processor time of a text), ms_cpus (where it was measured)
Rates are fractions, undefined is null. Plain harmful requests are not counted, as under the policy `override`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ...data.local_source import load_evaluation
from ...data.schema import Example, families_of, labels_of, without_lone_surrogates
from ...errors import BaselineUnavailable, DataError
from ...files import read_json, write_json
from ...labels import Label
from ...policy import DEFAULT_POLICY, is_counted
from ...rates import threshold_at_fpr
from ...run import cpu_name
from ..benchmarks import sample_rows
from ..metrics import count_detections, macro_mean
from ..score_cache import ScoreCache
from .process import Scored, Scorer

log = logging.getLogger(__name__)

SCHEMA = 1
# Version in the name of every cache file; raise it when adapters.py changes how it gets a score from a package.
SCORES_SCHEMA = 1
SAMPLE_SEED = 0  # constant, not data.seed, so that cached scores of peers serve the comparison with any guard
CHAT_FPR = 0.01
CHAT_FILES = ("alpaca_eval", "autoj_real_chats", "coconot", "biggen_bench", "alignbench_zh")
OTHER_FILES = (
    "deepset_test",
    "jbb_artifacts",
    "bipia_indirect_test",
    "garak_sysprompt_extraction",
    "ifeval",
    "bipia_contexts_test",
)

Point = Literal["own", "matched"]


@dataclass(frozen=True)
class Contestant:
    """A scorer and its own threshold."""

    scorer: Scorer
    threshold: float
    about: dict[str, Any] = field(default_factory=dict)


def load_files(directory: Path, names: Sequence[str], max_rows: int) -> dict[str, list[Example]]:
    """At most `max_rows` rows (0: all) of each file of a directory of JSON lines, the same ones every time."""
    files = {}
    for name in dict.fromkeys(names):
        rows = without_lone_surrogates(load_evaluation(directory / f"{name}.jsonl"))
        counted = [row for row, is_counted_row in zip(rows, _is_counted(rows), strict=True) if is_counted_row]
        if not counted:
            raise DataError(
                f"{directory / name}.jsonl: every row is a plain harmful request, which are not counted; leave it out"
            )
        files[name] = list(sample_rows(counted, max_rows, f"{SAMPLE_SEED}:{name}"))
    return files


def compare_peers(
    contestants: Sequence[Contestant],
    not_run: Mapping[str, tuple[str, dict[str, Any]]],
    files: Mapping[str, Sequence[Example]],
    chat: Sequence[str],
    cache_dir: Path,
) -> dict[str, Any]:
    """Build the record of the module docstring. not_run: name -> why it is not run, and its `about`.

    chat: the files whose benign rows set the threshold at which all are compared. Scores are cached in `cache_dir`, by
    guard, version and set of texts. A contestant that fails is reported as not run.
    """
    chat_labels = np.concatenate([labels_of(files[name]) for name in chat])
    if not (chat_labels == Label.BENIGN).any():
        raise DataError(f"expected benign rows in {', '.join(chat)}, found none; name files of ordinary chat")
    guards: dict[str, Any] = {}
    for contestant in contestants:
        try:
            guards[contestant.scorer.name] = _measure(contestant, files, chat, cache_dir)
        except BaselineUnavailable as error:
            log.warning("%s is not run: %s", contestant.scorer.name, error)
            guards[contestant.scorer.name] = _not_run_record(str(error), contestant.about)
    guards |= {name: _not_run_record(*reason_and_about) for name, reason_and_about in not_run.items()}
    return {
        "schema": SCHEMA,
        "chat_fpr": CHAT_FPR,
        "chat": list(chat),
        "n_chat": int((chat_labels == Label.BENIGN).sum()),
        "files": {name: _count_rows(rows) for name, rows in files.items()},
        "guards": guards,
    }


def _not_run_record(reason: str, about: dict[str, Any]) -> dict[str, Any]:
    return {"status": "not run", "reason": reason, "about": about}


def _measure(
    contestant: Contestant, files: Mapping[str, Sequence[Example]], chat: Sequence[str], cache_dir: Path
) -> dict[str, Any]:
    scored_by_file, cpus = {}, set()
    for name, rows in files.items():
        scored_by_file[name], cpu = _score_cached(contestant.scorer, name, [row.text for row in rows], cache_dir)
        cpus.add(cpu)
    scores = {name: np.array(scored.scores) for name, scored in scored_by_file.items()}
    labels = {name: labels_of(rows) for name, rows in files.items()}
    chat_scores, chat_labels = (np.concatenate([each[name] for name in chat]) for each in (scores, labels))
    thresholds: dict[Point, float] = {
        "own": contestant.threshold,
        "matched": threshold_at_fpr(chat_scores[chat_labels == Label.BENIGN], CHAT_FPR),
    }
    counts = {
        point: {name: count_detections(labels[name], scores[name], threshold) for name in files}
        for point, threshold in thresholds.items()
    }
    recall = {point: {name: each.recall for name, each in of.items() if each.n_attack} for point, of in counts.items()}
    return {
        "status": "run",
        "reason": None,
        "about": contestant.about,
        "threshold": thresholds,
        "recall": recall,
        "mean_recall": {point: macro_mean(list(of.values())) for point, of in recall.items()},
        "fpr": {point: {name: each.fpr for name, each in of.items() if each.n_benign} for point, of in counts.items()},
        "chat_fpr": {point: count_detections(chat_labels, chat_scores, threshold).fpr for point, threshold in thresholds.items()},
        "ms": float(np.median(np.concatenate([scored.ms for scored in scored_by_file.values()]))),
        "ms_cpus": sorted(cpus),
    }


def _score_cached(scorer: Scorer, name: str, texts: list[str], cache_dir: Path) -> tuple[Scored, str]:
    """The scores of a set of texts and the processor that computed them, from the cache or computed and then cached."""

    def score() -> dict[str, Any]:
        started = time.monotonic()
        scored = scorer.score(texts)
        log.info("%s, %s: %d rows, %.0f s", scorer.name, name, len(texts), time.monotonic() - started)
        return {"guard": scorer.identity, "cpu": cpu_name(), "scores": scored.scores, "ms": scored.ms}

    digest = hashlib.blake2b(json.dumps([SCORES_SCHEMA, scorer.identity, texts]).encode(), digest_size=8).hexdigest()
    record = ScoreCache(cache_dir / scorer.name, ".json", read_json, write_json).read_or_compute(f"{name}-{digest}", score)
    return Scored(record["scores"], record["ms"]), record["cpu"]


def _is_counted(rows: Sequence[Example]) -> np.ndarray:
    return is_counted(labels_of(rows), families_of(rows), DEFAULT_POLICY)


def _count_rows(rows: Sequence[Example]) -> dict[str, int]:
    benign = int((labels_of(rows) == Label.BENIGN).sum())
    return {"n": len(rows), "n_attack": len(rows) - benign, "n_benign": benign}
