"""One worker of a search whose trials only sleep.

    python tests/e2e/search_driver.py STORAGE N_TRIALS SECONDS KILLED_IN OTHERS

KILLED_IN: the trial of this worker, counted from 1, in the middle of which it ends by SIGKILL; 0: none.
OTHERS: how many other workers it waits for before its first trial.
"""

from __future__ import annotations

import os
import signal
import sys
import time

import optuna

from src.training.study import StudyStorage, Workers, load_or_create, run_trials


def main() -> None:
    place, n_trials, seconds, killed_in, others = sys.argv[1:]
    storage = StudyStorage(place)
    begun = 0

    def objective(trial: optuna.Trial) -> float:
        nonlocal begun
        begun += 1
        x = trial.suggest_float("x", 0, 1)
        time.sleep(float(seconds))
        if begun == int(killed_in):
            os.kill(os.getpid(), signal.SIGKILL)
        return x

    with Workers(storage) as workers:
        while len(workers.others()) < int(others):
            time.sleep(0.01)
        run_trials(
            load_or_create(storage, ["maximize"]),
            workers,
            objective,
            int(n_trials),
            seed=0,
            timeout_s=0,
            diverged=ArithmeticError,
            after_trial=lambda study, trial: None,
        )


if __name__ == "__main__":
    main()
