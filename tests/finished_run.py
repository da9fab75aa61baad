"""A run directory as the stages leave it, in small: what report, cards and tables are made of."""

from dataclasses import asdict
from pathlib import Path

import numpy as np

from src.config import Config, EvalConfig, to_yaml
from src.data.attack_generators import GeneratedExample, attacks_of
from src.data.attacks.generate import generated_families
from src.data.schema import Example
from src.evaluation.benchmarks import Benchmark
from src.evaluation.curves import read_curves
from src.evaluation.latency import summarise
from src.evaluation.peers.catalogue import PEERS
from src.evaluation.predictor import Predictions
from src.evaluation.runner import evaluate_heldout, run_benchmarks
from src.files import write_json, write_text
from src.labels import Family, Label
from src.policy import POLICIES
from src.rates import wilson_interval
from src.reporting.figures import write_figures
from src.run import RunPaths
from src.runtime.calibration import Calibration

CALIBRATION = Calibration(
    thresholds={policy: {"0.01": 0.5} for policy in POLICIES},
    achieved_fpr={policy: {"0.01": 0.0} for policy in POLICIES},
    n_benign=900,
    deep_fraction=0.29,
    target_deep_fraction=0.3,
)
FLIP = tuple(attack.name for attack in attacks_of(Family.FLIP))
HOSTILE = "<script>alert('x')</script> | **pipe** `code`"


class Guess:
    def __init__(self, name: str, shift: float) -> None:
        self.name, self.shift = name, shift

    def predict(self, texts, *, desc=None):
        n = len(texts)
        scores = np.clip(np.arange(n) / n + self.shift, 0, 1)
        class_probs = np.zeros((n, 4))
        class_probs[:, Label.BENIGN], class_probs[:, Label.DIRECT_INJECTION] = 1 - scores, scores
        return Predictions(
            class_probs=class_probs,
            family_probs=np.full((n, 16), 1 / 16),
            p_attack={policy: scores.copy() for policy in POLICIES},
            p_deep=np.full(n, 0.2),
            is_deep=np.arange(n) % 3 == 0,
            num_windows=np.ones(n, dtype=int),
            num_views=np.zeros(n, dtype=int),
            tokens=np.ones(n, dtype=int),
        )


def rows(label: Label, family: Family, n: int) -> tuple[Example, ...]:
    return tuple(Example(text=str(i), label=label, family=family, source="s", group=str(i)) for i in range(n))


def cell(attacks: tuple[str, ...]) -> tuple[GeneratedExample, ...]:
    """Attack and twin of each transform, bare and wrapped."""
    return tuple(
        GeneratedExample(text="t", label=label, family=family, source="s", group=str(i), attack=attack, wrapper=wrapper)
        for attack in attacks
        for wrapper in (None, "w1")
        for label, family in ((Label.BENIGN, Family.NONE), (Label.OBFUSCATION, Family.FLIP))
        for i in range(3)
    )


def file_set(name: str, examples: tuple[Example, ...], kind: str = "file", **fields) -> Benchmark:
    values = {"revision": "r1", "policy": "override", "headline": "both"}
    return Benchmark(name=name, kind=kind, examples=examples, **(values | fields))


def left_out_cells() -> dict:
    """Of leave_one_out.json: a source of both classes, and one of benign rows alone whose rows share groups."""

    def figures(caught: int | None, alarms: int, n_benign: int) -> dict:
        n_attack = 0 if caught is None else 40
        return {
            "policy": "override",
            "n_attack": n_attack,
            "n_benign": n_benign,
            "recall": None if caught is None else caught / n_attack,
            "recall_interval": None if caught is None else wilson_interval(caught, n_attack),
            "recall_clustered_interval": None,
            "fpr": alarms / n_benign,
            "fpr_interval": wilson_interval(alarms, n_benign),
            "fpr_clustered_interval": None if n_attack else (0.01, 0.3),
        }

    return {
        "both": {"left_out": figures(10, 4, 80), "trained_on": figures(30, 2, 80)},
        "harmless": {"left_out": figures(None, 5, 50), "trained_on": figures(None, 1, 50)},
    }


def peers_record() -> dict:
    """peers.json with the guard, a peer that was run and one that was not."""
    point = {"own": 0.8, "matched": 0.5}
    run = {
        "status": "run",
        "reason": None,
        "mean_recall": point,
        "recall": {name: {"deepset_test": rate} for name, rate in point.items()},
        "chat_fpr": {"own": 0.1, "matched": 0.01},
        "ms_cpus": ["some CPU"],
    }
    stackone, jailguard = (asdict(PEERS[name]) for name in ("stackone", "jailguard"))
    return {
        "chat_fpr": 0.01,
        "chat": ["alpaca_eval"],
        "n_chat": 200,
        "files": {"deepset_test": {"n_attack": 60}, "alpaca_eval": {"n_attack": 0}},
        "environment": {"commit": "abc123"},
        "guards": {
            "stackone": run | {"ms": 8.7, "about": stackone | {"version": "0.9.4"}},
            "guard": run | {"ms": 3.0, "about": {"about": "this guard"}},
            "jailguard": {"status": "not run", "reason": "jailguard is not in a directory", "about": jailguard},
        },
    }


def write_finished_run(root: Path) -> RunPaths:
    """A run directory as the stages leave it."""
    paths = RunPaths(root)
    mixed = (*rows(Label.BENIGN, Family.NONE, 30), *rows(Label.DIRECT_INJECTION, Family.DIRECT_INJECTION, 30))
    cells = {name: cell((f"{name}/some",)) for name in generated_families()} | {"flip": cell(FLIP)}
    table = [
        file_set("deepset_test", mixed, eval_group="g"),
        *(file_set(f"generated/{name}", examples, "generated") for name, examples in cells.items()),
        file_set("heldout/test", mixed, "heldout"),
        file_set("pint", (), reason=f"private {HOSTILE}"),
    ]
    guard, tfidf = Guess("guard", 0.0), Guess("tfidf", -0.1)
    run_benchmarks(table, [guard, tfidf], {"guard": CALIBRATION, "tfidf": CALIBRATION}, paths.benchmarks, Config())
    write_json(paths.final_metrics_json, evaluate_heldout(guard, mixed, CALIBRATION))
    write_json(paths.environment_json, {"commit": "abc123", "dirty": True, "cpu": HOSTILE, "packages": {"torch": "2.13.0"}})
    sources = {HOSTILE: {"rows": 1234, "labels": {"benign": 1234}, "revision": None}}
    write_json(
        paths.manifest_json,
        {"seed": 42, "splits": {"train": {"rows": 1234, "languages": {"en": 1234}, "sources": sources}}},
    )
    write_json(
        paths.optimization_json,
        {
            "files": {"model_int8.onnx": {"size_mb": 64.96, "precision": "int8"}},
            "latency": {
                "int8": {
                    route: {tokens: summarise(np.linspace(0.5, 1.5, 101) * ms * int(tokens) / 64) for tokens in ("32", "64")}
                    for route, ms in (("fast", 2.0), ("deep", 5.0))
                },
                "conditions": {"cpu": HOSTILE, "threads": 1},
            },
        },
    )
    write_text(paths.config_yaml, to_yaml(Config(eval=EvalConfig(fpr_budget=0.02))))
    write_text(
        paths.training_metrics_csv,
        "epoch,phase,train_loss,val_fpr,val_recall,val_deep_share,val_deep_share_fixed\n"
        "1,focal,0.51234567,0.012,,0.3,0.9\n2,qat,0.4,0.01,0.7,0.28,0.45\n",
    )
    write_json(paths.baselines / "peers.json", peers_record())
    write_json(paths.results / "leave_one_out.json", {"environment": {"commit": "abc123"}, "cells": left_out_cells()})
    write_figures(paths.training_metrics_csv, paths.benchmarks / "benchmark_results.json", paths.figures, read_curves)
    return paths
