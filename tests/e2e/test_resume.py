"""A run that is killed at any moment goes on to the same weights."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

DRIVER = Path(__file__).with_name("resume_driver.py")
STEPS_PER_EPOCH = 7
# One in each phase: right after a checkpoint, between two, and at the last step of an epoch, before its validation; and
# while a checkpoint is written, inside an epoch and at its end.
KILLED_AT = ("4", "6:latest", "9", "14", "14:checkpoint_epoch_2", "17")
TIMINGS = {"tokens_per_second", "seconds"}


@pytest.fixture(scope="module")
def runs(tiny_encoder_dir, tmp_path_factory) -> tuple[Path, Path]:
    output = tmp_path_factory.mktemp("runs")
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(tiny_encoder_dir), str(output), *KILLED_AT],
        env=os.environ | one_thread,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    endings = json.loads(done.stdout)
    assert endings == {"killed": [-9] * len(KILLED_AT) + [0], "undisturbed": 0}, done.stderr
    return output / "killed", output / "undisturbed"


def assert_equal(a: object, b: object, where: str) -> None:
    if isinstance(a, torch.Tensor):
        assert torch.equal(a, b), f"{where} differs"
    elif isinstance(a, dict):
        assert a.keys() == b.keys(), where
        for key in a:
            assert_equal(a[key], b[key], f"{where}.{key}")
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b), where
        for index, pair in enumerate(zip(a, b, strict=True)):
            assert_equal(*pair, f"{where}.{index}")
    else:
        assert a == b, f"{where}: {a} and {b}"


@pytest.mark.parametrize("epoch", [2, 3])
def test_weights_optimiser_and_generators_are_bit_identical(runs, epoch):
    states = [torch.load(run / "checkpoints" / f"checkpoint_epoch_{epoch}.pth", weights_only=True) for run in runs]
    assert states[0]["progress"]["step"] == epoch * STEPS_PER_EPOCH
    for name in ("model", "optimizer", "scheduler", "rng", "average"):
        assert_equal(states[0][name], states[1][name], name)


def test_the_best_model_is_the_same(runs):
    best = [torch.load(run / "best_model.pth", weights_only=True) for run in runs]
    for name in ("model", "progress"):
        assert_equal(best[0][name], best[1][name], name)


def test_curves_have_each_step_and_epoch_once(runs):
    assert (runs[0] / "steps.csv").read_text() == (runs[1] / "steps.csv").read_text()
    epochs = []
    for run in runs:
        with (run / "training_metrics.csv").open(newline="") as file:
            epochs.append([{k: v for k, v in row.items() if k not in TIMINGS} for row in csv.DictReader(file)])
    assert epochs[0] == epochs[1]
    assert [row["phase"] for row in epochs[0]] == ["focal", "focal+adversarial", "focal+adversarial+qat"]


def test_half_written_files_do_not_stay(runs):
    assert [path.name for path in runs[0].rglob(".*")] == []


def test_the_phases_change_what_is_computed(runs):
    with (runs[0] / "training_metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [bool(row["train_adversarial_loss"]) for row in rows] == [False, True, True]
