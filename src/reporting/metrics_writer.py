"""Machine-readable metrics of a training run: CSV files, TensorBoard and, if asked, Weights & Biases. Torch-free.

Step values go to `steps.csv` in long form (step,name,value), so that a new metric never breaks the header.
`training_metrics.csv` has one row per epoch with the fields of `EpochMetrics`.
"""

from __future__ import annotations

import csv
import logging
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Protocol, Self

from ..config import LoggingConfig
from ..errors import ConfigError
from ..files import write_text
from ..run import RunPaths

log = logging.getLogger(__name__)

STEP_HEADER = ["step", "name", "value"]
WANDB_ID_FILE = "wandb_run_id.txt"
WANDB_ADVICE = "set WANDB_API_KEY or run `wandb login`, or set WANDB_MODE=offline"


@dataclass(frozen=True, kw_only=True)
class EpochMetrics:
    """One row of training_metrics.csv. Rates are fractions; None = undefined, an empty cell.

    Losses are means over the epoch's optimiser steps, before their weights. `val_*` values are those of the routed
    model on the validation sources at the thresholds that these rows set for the FPR budget: `val_recall` and
    `val_full_recall` are means over attack sources under the policies override and full.
    """

    epoch: int
    step: int  # number of finished optimiser steps
    phase: str  # such as "focal", "focal+adversarial", "focal+adversarial+qat"
    learning_rate: float  # at the end of the epoch
    train_loss: float
    train_fast_loss: float
    train_deep_loss: float
    train_family_loss: float
    train_router_loss: float
    train_balance_loss: float
    train_adversarial_loss: float | None  # total loss on perturbed embeddings; None before that phase
    val_loss: float  # cross-entropy of the class after temperature scaling
    val_accuracy: float  # of the four classes
    val_f1: float  # weighted over the four classes
    val_recall: float  # selects the best epoch, with val_auc between equal values
    val_full_recall: float
    val_auc: float
    val_full_auc: float
    val_fpr: float  # under override, at most the budget
    val_deep_share: float  # share of texts with a window sent deep, at the re-fitted router threshold: the target share
    tokens_per_second: float  # over all processes, without validation
    seconds: float  # of training and validation
    # Share of texts with a window above router.complexity_threshold, which is fixed, so that changes are those of the router.
    # None in epochs of an earlier version.
    val_deep_share_fixed: float | None = None


class Sink(Protocol):
    """A destination of metrics."""

    def log(self, step: int, values: Mapping[str, float]) -> None: ...
    def close(self) -> None: ...


class CsvSink:
    """steps.csv. A row per value, flushed at once, so that a killed run keeps its curve."""

    def __init__(self, path: Path, last_step: int, last_validation: int) -> None:
        """Appends after `last_step`, and for `val/*` after the step of the last validation."""
        _keep_rows(path, STEP_HEADER, lambda row: int(row[0]) <= (last_validation if row[1].startswith("val/") else last_step))
        self._file = path.open("a", newline="", encoding="utf-8")
        self._writer = csv.writer(self._file, lineterminator="\n")

    def log(self, step: int, values: Mapping[str, float]) -> None:
        self._writer.writerows((step, name, value) for name, value in values.items())
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class TensorBoardSink:
    """Event files for TensorBoard, written by the package tensorboard, without torch."""

    def __init__(self, directory: Path, last_step: int) -> None:
        from tensorboard.compat.proto.event_pb2 import Event, SessionLog
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        self._event, self._summary = Event, Summary
        self._writer = EventFileWriter(str(directory))
        if last_step:  # hides events that a killed run wrote after its last checkpoint
            start = SessionLog(status=SessionLog.START)
            self._writer.add_event(Event(step=last_step + 1, wall_time=time.time(), session_log=start))

    def log(self, step: int, values: Mapping[str, float]) -> None:
        points = [self._summary.Value(tag=name, simple_value=value) for name, value in values.items()]
        self._writer.add_event(self._event(step=step, wall_time=time.time(), summary=self._summary(value=points)))

    def close(self) -> None:
        self._writer.close()


class WandbSink:
    """Weights & Biases. WANDB_MODE=offline needs no account."""

    def __init__(self, paths: RunPaths, project: str, config: Mapping[str, Any], is_resumed: bool) -> None:
        wandb = _logged_in_wandb()
        id_file = paths.root / WANDB_ID_FILE
        if not (is_resumed and id_file.is_file()):
            write_text(id_file, uuid.uuid4().hex)
        try:
            self._run = wandb.init(
                project=project,
                config=dict(config),
                dir=str(paths.root),
                name=paths.root.name,
                id=id_file.read_text(encoding="utf-8"),
                resume="allow",
            )
        except wandb.errors.Error as error:
            raise ConfigError(f"logging.wandb=true: {error}; {WANDB_ADVICE}") from error

    def log(self, step: int, values: Mapping[str, float]) -> None:
        self._run.log(dict(values), step=step)

    def close(self) -> None:
        self._run.finish()


def _logged_in_wandb() -> Any:
    try:
        import wandb
    except ImportError as error:
        raise ConfigError("logging.wandb=true needs the package wandb; run `pip install wandb`") from error
    try:
        wandb.login()  # needs no network; offline it needs no account
    except wandb.errors.Error as error:
        raise ConfigError(f"logging.wandb=true: {error}; {WANDB_ADVICE}") from error
    return wandb


def check_sinks(cfg: LoggingConfig) -> None:
    """Raise ConfigError when W&B was asked for and is not installed or not logged in: before the data is read, not after."""
    if cfg.wandb:
        _logged_in_wandb()


class MetricsWriter:
    """Writes to several sinks. Without sinks (a search trial, a process that is not the first) it drops all metrics."""

    def __init__(self, sinks: Sequence[Sink] = (), epochs_csv: Path | None = None, last_epoch: int = 0) -> None:
        self._sinks, self._epochs_csv = sinks, epochs_csv
        if epochs_csv is not None:
            header = [field.name for field in fields(EpochMetrics)]
            _keep_rows(epochs_csv, header, lambda row: int(row[0]) <= last_epoch)

    @classmethod
    def open(
        cls,
        paths: RunPaths,
        cfg: LoggingConfig,
        config: Mapping[str, Any],
        *,
        last_step: int,
        last_epoch: int,
        last_validation: int,
    ) -> Self:
        """Open the sinks that `cfg` names, to append after this step, epoch and step of the last validation.

        Later rows belong to a killed run and are removed.

        Raises ConfigError when W&B was asked for and cannot be used.
        """
        paths.root.mkdir(parents=True, exist_ok=True)
        sinks: list[Sink] = []
        if cfg.wandb:  # first, since it can fail
            sinks.append(WandbSink(paths, cfg.wandb_project, config, is_resumed=last_step > 0))
        sinks.append(CsvSink(paths.steps_csv, last_step, last_validation))
        if cfg.tensorboard:
            sinks.append(TensorBoardSink(paths.tensorboard, last_step))
        return cls(sinks, paths.training_metrics_csv, last_epoch)

    def log(self, step: int, values: Mapping[str, float]) -> None:
        """values: metric name, such as `train/loss`, to number."""
        for sink in self._sinks:
            sink.log(step, values)

    def log_epoch(self, metrics: EpochMetrics) -> None:
        """A row of training_metrics.csv, and the `val_*` numbers to every other sink."""
        row = asdict(metrics)
        if self._epochs_csv is not None:
            with self._epochs_csv.open("a", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\n").writerow(row.values())  # None becomes an empty cell
        validation = {name.replace("_", "/", 1): value for name, value in row.items() if name.startswith("val_")}
        self.log(metrics.step, validation)

    def close(self) -> None:
        for sink in self._sinks:
            sink.close()


def _keep_rows(path: Path, header: list[str], is_kept: Callable[[list[str]], bool]) -> None:
    """Rewrite a CSV with its header and only the rows to keep; a last line that was cut off is dropped as well.

    Columns that the file does not have yet are empty in its rows.
    """
    rows: list[list[str]] = []
    if path.is_file():
        with path.open(newline="", encoding="utf-8") as file:
            table = csv.reader(file)
            old_header = next(table, header)
            complete_rows = [row for row in table if len(row) == len(old_header) and row[0].isdigit() and is_kept(row)]
        records = [dict(zip(old_header, row, strict=True)) for row in complete_rows]
        rows = [[row.get(name, "") for name in header] for row in records]
    lines = "".join(",".join(row) + "\n" for row in [header, *rows])
    write_text(path, lines)
