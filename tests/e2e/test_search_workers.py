"""Workers in processes of their own on one study: together they finish what was asked for, whoever is killed."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from optuna.trial import TrialState

from src.training.study import WORKER, StudyStorage, is_finished, load_or_create, trials_of

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("sqlite", "journal")


def place_of(kind: str, directory: Path) -> str:
    return f"sqlite:///{directory / 'study.db'}" if kind == "sqlite" else str(directory / "study.journal")


def start(place: str, n_trials: int, seconds: float, *, killed_in: int = 0, others: int = 0) -> subprocess.Popen:
    command = [sys.executable, "tests/e2e/search_driver.py", place, *map(str, (n_trials, seconds, killed_in, others))]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})


def trials_at(place: str):
    return trials_of(load_or_create(StudyStorage(place), ["maximize"]))


@pytest.mark.parametrize("kind", KINDS)
def test_two_workers_finish_the_number_asked_for_in_total(kind, tmp_path):
    place = place_of(kind, tmp_path)
    workers = [start(place, 7, 1.0, others=1) for _ in range(2)]
    assert [worker.wait() for worker in workers] == [0, 0]
    trials = trials_at(place)
    assert Counter(trial.state for trial in trials) == {TrialState.COMPLETE: 7}
    assert len({trial.params["x"] for trial in trials}) == 7  # no trial is made twice
    assert len({trial.user_attrs[WORKER] for trial in trials}) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_worker_that_is_started_again_loses_no_trial_and_makes_none_twice(kind, tmp_path):
    place = place_of(kind, tmp_path)
    assert start(place, 4, 0.1, killed_in=2).wait() == -signal.SIGKILL
    first, left = trials_at(place)
    assert (first.state, left.state) == (TrialState.COMPLETE, TrialState.RUNNING)
    assert start(place, 4, 0.1).wait() == 0
    trials = trials_at(place)
    assert Counter(trial.state for trial in trials) == {TrialState.COMPLETE: 4, TrialState.FAIL: 1}
    assert trials[0].params == first.params and trials[1].state == TrialState.FAIL
    assert len({trial.params["x"] for trial in trials}) == 5
    assert start(place, 4, 0.1).wait() == 0  # nothing is left to do
    assert len(trials_at(place)) == 5


def test_the_other_worker_takes_the_place_of_a_trial_whose_worker_died(tmp_path):
    place = place_of("sqlite", tmp_path)
    killed, other = start(place, 3, 2.0, killed_in=1, others=1), start(place, 3, 2.0, others=1)
    assert (killed.wait(), other.wait()) == (-signal.SIGKILL, 0)
    assert sum(map(is_finished, trials_at(place))) == 3
