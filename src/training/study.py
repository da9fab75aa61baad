"""The Optuna study of a search, which several processes may work on at once.

Any number of workers run the same command on one storage. A trial belongs to the worker that asked for it; of a worker that died
the trial is failed, and another takes its place. How a dead worker is known depends on the storage:

a file (SQLite, journal)   each worker holds a lock beside it, which the system takes back when the process ends
a database server          Optuna's heartbeat, which goes stale GRACE_S after the last sign of life

Trial numbers are given by the storage, one each, so they decide which trials belong to the number that was asked for.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import platform
import sqlite3
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import filelock
import optuna
from optuna.exceptions import ExperimentalWarning, StorageInternalError
from optuna.storages import BaseStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from ..errors import ConfigError, TrainingError

log = logging.getLogger(__name__)

STUDY_NAME = "tinyguardrail"
STARTUP_TRIALS = 2  # first trials, neither guided nor pruned: there is nothing to compare with yet
HEARTBEAT_S, GRACE_S = 30, 120
POLL_S = 1.0  # seconds between two checks of the trials of other workers
BUSY_S = 60  # seconds that SQLite waits for the write of another worker
WORKER, DIVERGED, SURPLUS, DIGEST = "worker", "diverged", "surplus", "digest"  # user attributes of a trial


@dataclass(frozen=True)
class StudyStorage:
    """Where a study is kept: a database URL, or the path of a journal that Optuna appends to."""

    place: str

    @property
    def file(self) -> Path | None:
        """The file that holds the study; None for a database server."""
        if "://" not in self.place:
            return Path(self.place)
        url = _parse_url(self.place)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    def __str__(self) -> str:
        """As messages show it: without a password."""
        return self.place if "://" not in self.place else _parse_url(self.place).render_as_string(hide_password=True)

    def open(self) -> BaseStorage:
        """Raises ConfigError for a database that cannot be opened or that no driver is installed for."""
        if self.file is not None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        if "://" not in self.place:
            return JournalStorage(JournalFileBackend(self.place))
        try:
            return self._open_database()
        except ImportError as error:
            raise ConfigError(
                f"--storage {self}: the driver of this database is not installed ({error}); for PostgreSQL run "
                "pip install 'psycopg[binary]' and write postgresql+psycopg://USER@HOST/DATABASE"
            ) from error
        except DBAPIError as error:
            raise ConfigError(f"--storage {self}: the database cannot be opened: {str(error.orig).strip()}") from error

    def _open_database(self) -> RDBStorage:
        if self.file is not None:
            self._check_pages(self.file)
            # Workers that start together would make the tables at the same time.
            with filelock.FileLock(self.file.with_name(f"{self.file.name}.lock")):
                return RDBStorage(self.place, engine_kwargs={"connect_args": {"timeout": BUSY_S}})
        with _without_experimental_warnings():
            return RDBStorage(
                self.place, engine_kwargs={"pool_pre_ping": True}, heartbeat_interval=HEARTBEAT_S, grace_period=GRACE_S
            )

    def _check_pages(self, file: Path) -> None:
        """Raises TrainingError for an SQLite file whose pages do not fit together."""
        if not file.is_file():
            return
        try:
            with contextlib.closing(sqlite3.connect(file, timeout=BUSY_S)) as database:
                check_result = database.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            check_result = str(error)
        if check_result != "ok":
            raise self.damage_error(check_result)

    def damage_error(self, reason: object) -> TrainingError:
        return TrainingError(f"{self} is damaged ({reason}): put a copy in its place, or discard its trials with --restart")

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Inside, a study that can no longer be written, such as on a full disk, raises TrainingError."""
        try:
            yield
        except (DBAPIError, StorageInternalError) as error:
            cause = error.__cause__ if isinstance(error, StorageInternalError) else error
            reason = str(getattr(cause, "orig", None) or cause or error).strip()
            raise TrainingError(
                f"{self} cannot be used: {reason}; free space there or make it writable, then run the same command again: "
                "finished trials are kept"
            ) from error


def _parse_url(place: str) -> URL:
    try:
        return make_url(place)
    except ArgumentError as error:
        raise ConfigError(
            "--storage: expected sqlite:///FILE, postgresql+psycopg://USER@HOST/DATABASE or the path of a journal file"
        ) from error


class Workers:
    """The workers on one storage, of which this process is one while it is in the `with` block."""

    def __init__(self, storage: StudyStorage) -> None:
        self.name = f"{platform.node()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._locks = None if storage.file is None else storage.file.with_name(f"{storage.file.name}.workers")
        self._own: filelock.FileLock | None = None

    def __enter__(self) -> Workers:
        if self._locks is not None:
            self._locks.mkdir(parents=True, exist_ok=True)
            self._own = filelock.FileLock(self._lock_of(self.name))
            self._own.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        if self._own is not None:
            self._own.release()
            self._lock_of(self.name).unlink(missing_ok=True)

    def _lock_of(self, worker: str) -> Path:
        assert self._locks is not None
        return self._locks / f"{worker}.lock"

    def others(self) -> list[str]:
        """Living workers beside this one, as far as locks tell."""
        if self._locks is None:
            return []
        names = {path.stem for path in self._locks.glob("*.lock")} - {self.name}
        return sorted(name for name in names if self._is_alive(name))

    def _is_alive(self, worker: str) -> bool:
        if worker == self.name:
            return True
        path = self._lock_of(worker)
        if not path.exists():  # asking for its lock would make the file
            return False
        lock = filelock.FileLock(path, timeout=0)
        try:
            with lock:
                path.unlink(missing_ok=True)  # names are used once
        except filelock.Timeout:
            return True
        return False

    def fail_abandoned(self, study: optuna.Study) -> None:
        """Fail the trials of workers that died, so that others take their place."""
        with _without_experimental_warnings():
            optuna.storages.fail_stale_trials(study)  # does nothing where there is no heartbeat
        for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            if self._is_abandoned(trial):
                with contextlib.suppress(optuna.exceptions.UpdateFinishedTrialError, ValueError):  # another worker was faster
                    study.tell(trial.number, state=TrialState.FAIL)
                    log.info(
                        "trial %d was left open by a process that ended; it counts as failed", displayed_number(trial.number)
                    )

    def _is_abandoned(self, trial: FrozenTrial) -> bool:
        worker = trial.user_attrs.get(WORKER)
        if worker is None:  # a worker says its name right after it asked
            return trial.datetime_start is None or datetime.now() - trial.datetime_start > timedelta(seconds=GRACE_S)
        return self._locks is not None and not self._is_alive(worker)


def load_or_create(storage: StudyStorage, directions: Sequence[Literal["minimize", "maximize"]]) -> optuna.Study:
    """The study at `storage`, new or as it was left."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)  # a search logs a line per trial itself
    try:
        study = optuna.create_study(
            study_name=STUDY_NAME,
            storage=storage.open(),
            directions=directions,
            load_if_exists=True,
            pruner=optuna.pruners.MedianPruner(n_startup_trials=STARTUP_TRIALS),
        )
        trials = study.get_trials(deepcopy=False)
    except (LookupError, ValueError, TypeError) as error:  # a name of a state, a date or a JSON value that is none
        raise storage.damage_error(error) from error
    for trial in trials:
        digest = trial.user_attrs.get(DIGEST)
        if trial.state == TrialState.COMPLETE and digest not in (
            None,
            digest_trial(trial.number, trial.params, trial.values or ()),
        ):
            raise storage.damage_error(f"trial {displayed_number(trial.number)} is not as it was recorded")
    return study


def digest_trial(number: int, params: Mapping[str, Any], values: Sequence[float]) -> str:
    """Digest of a trial's number, parameters and values: it reveals numbers that changed in the database."""
    words = [str(number), *(f"{key}={params[key]:.12g}" for key in sorted(params)), *(f"{value:.12g}" for value in values)]
    return hashlib.blake2b(" ".join(words).encode(), digest_size=8).hexdigest()


def discard_study(storage: StudyStorage) -> None:
    """Delete the trials of an earlier search. Raises ConfigError while a worker is at it."""
    workers = Workers(storage)
    if others := workers.others():
        raise ConfigError(f"--restart: {', '.join(others)} works on {storage}; wait until it has ended, or stop it")
    if storage.file is not None:
        for suffix in ("", "-journal", ".lock"):  # SQLite's own journal; the lock of Optuna's
            storage.file.with_name(storage.file.name + suffix).unlink(missing_ok=True)
        return
    backend = storage.open()
    with contextlib.suppress(KeyError):  # there is none
        study = optuna.load_study(study_name=STUDY_NAME, storage=backend)
        workers.fail_abandoned(study)
        if any(trial.state == TrialState.RUNNING for trial in study.get_trials(deepcopy=False)):
            raise ConfigError(f"--restart: a trial runs on {storage}; stop its worker, then wait {GRACE_S} s if it was killed")
        optuna.delete_study(study_name=STUDY_NAME, storage=backend)


def run_trials(
    study: optuna.Study,
    workers: Workers,
    objective: Callable[[optuna.Trial], float | tuple[float, ...]],
    n_trials: int,
    *,
    seed: int,
    timeout_s: float,
    diverged: type[Exception],
    after_trial: Callable[[optuna.Study, FrozenTrial], None],
) -> None:
    """Run trials until the workers together have `n_trials`, or no new ones after `timeout_s` (0: no limit).

    A trial whose objective raises `diverged` is a result and counts; anything else is a bug and stops this worker.
    """

    class _Surplus(Exception):
        """Other workers had asked for the last trials already when this one was made."""

    def run_claimed(trial: optuna.Trial) -> float | tuple[float, ...]:
        trial.set_user_attr(WORKER, workers.name)
        # Its draws depend on its number and on what is known, not on the process: two workers, or one that was started
        # again, would propose the same trials from one seed.
        study.sampler = optuna.samplers.TPESampler(seed=seed + trial.number, n_startup_trials=STARTUP_TRIALS)
        if sum(is_claimed(other) for other in study.get_trials(deepcopy=False) if other.number < trial.number) >= n_trials:
            trial.set_user_attr(SURPLUS, True)
            raise _Surplus
        try:
            result = objective(trial)
            values = result if isinstance(result, tuple) else (result,)
            trial.set_user_attr(DIGEST, digest_trial(trial.number, trial.params, values))
            return result
        except diverged as error:
            trial.set_user_attr(DIVERGED, True)
            log.warning("trial %d: %s", displayed_number(trial.number), error)
            raise

    def after(study: optuna.Study, trial: FrozenTrial) -> None:
        if not trial.user_attrs.get(SURPLUS):
            after_trial(study, trial)

    started, has_waited = time.monotonic(), False
    while True:
        workers.fail_abandoned(study)
        trials = study.get_trials(deepcopy=False)
        if sum(map(is_finished, trials)) >= n_trials or (timeout_s and time.monotonic() - started >= timeout_s):
            return
        if sum(map(is_claimed, trials)) < n_trials:
            study.optimize(run_claimed, n_trials=1, callbacks=[after], catch=(diverged, _Surplus))
            continue
        if not has_waited:
            log.info("the last trials are with other workers; waiting, should one of them end before its trial does")
            has_waited = True
        time.sleep(POLL_S)


def is_finished(trial: FrozenTrial) -> bool:
    """Whether the trial counts towards the requested number; one that a killed process left does not."""
    return trial.state in (TrialState.COMPLETE, TrialState.PRUNED) or bool(trial.user_attrs.get(DIVERGED))


def is_claimed(trial: FrozenTrial) -> bool:
    return is_finished(trial) or (trial.state == TrialState.RUNNING and not trial.user_attrs.get(SURPLUS))


def trials_of(study: optuna.Study) -> list[FrozenTrial]:
    """All trials but the surplus ones, which drew no values."""
    return [trial for trial in study.get_trials(deepcopy=False) if not trial.user_attrs.get(SURPLUS)]


def displayed_number(number: int) -> int:
    """Trials are counted from 1 in what people read; Optuna numbers them from 0."""
    return number + 1


@contextlib.contextmanager
def _without_experimental_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        yield
