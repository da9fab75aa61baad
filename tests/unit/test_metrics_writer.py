import csv
import sys
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import pytest

from src.config import LoggingConfig
from src.errors import ConfigError
from src.reporting.metrics_writer import EpochMetrics, MetricsWriter, check_sinks
from src.reporting.training_figures import read_epochs
from src.run import RunPaths


def metrics(epoch: int, **changes: object) -> EpochMetrics:
    values = {field.name: 0.5 for field in fields(EpochMetrics)}
    return EpochMetrics(**(values | {"epoch": epoch, "step": 10 * epoch, "phase": "focal"} | changes))


def open_writer(
    tmp_path: Path, last_step: int = 0, last_epoch: int = 0, last_validation: int = 0, **logging: bool
) -> MetricsWriter:
    cfg = LoggingConfig(**({"tensorboard": False} | logging))
    return MetricsWriter.open(
        RunPaths(tmp_path), cfg, {}, last_step=last_step, last_epoch=last_epoch, last_validation=last_validation
    )


def read(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_step_values_are_in_long_form_and_on_disk_at_once(tmp_path):
    writer = open_writer(tmp_path)
    writer.log(1, {"train/loss": 0.25})
    writer.log(2, {"train/loss": 0.125, "train/new": 1.0})
    assert read(tmp_path / "steps.csv") == [
        ["step", "name", "value"],
        ["1", "train/loss", "0.25"],
        ["2", "train/loss", "0.125"],
        ["2", "train/new", "1.0"],
    ]
    writer.close()


def test_epochs_are_the_fields_of_the_dataclass_and_undefined_is_empty(tmp_path):
    writer = open_writer(tmp_path)
    writer.log_epoch(metrics(1, train_adversarial_loss=None))
    header, row = read(tmp_path / "training_metrics.csv")
    assert header == [field.name for field in fields(EpochMetrics)]
    assert row[header.index("train_adversarial_loss")] == ""
    columns = read_epochs(tmp_path / "training_metrics.csv")
    assert columns["val_recall"] == [0.5] and columns["train_adversarial_loss"] == [None]
    assert ["10", "val/recall", "0.5"] in read(tmp_path / "steps.csv")
    writer.close()


def test_rows_of_a_version_with_fewer_columns_are_kept(tmp_path):
    header = [field.name for field in fields(EpochMetrics)]
    rows = [header[:-1], ["1", *["0.5"] * (len(header) - 2)], ["2", "0.5"]]  # the last one was cut off
    (tmp_path / "training_metrics.csv").write_text("".join(",".join(row) + "\n" for row in rows))
    open_writer(tmp_path, last_epoch=1).close()
    assert read(tmp_path / "training_metrics.csv") == [header, [*rows[1], ""]]


def test_a_resumed_run_drops_what_was_written_after_its_checkpoint(tmp_path):
    writer = open_writer(tmp_path)
    for step in range(1, 6):
        writer.log(step, {"train/loss": step / 2})
    writer.log_epoch(metrics(1))
    writer.log_epoch(metrics(2))
    writer.close()
    with (tmp_path / "steps.csv").open("a") as file:
        file.write("6,train/lo")  # killed while writing
    open_writer(tmp_path, last_step=3, last_epoch=1).close()
    assert [row[0] for row in read(tmp_path / "steps.csv")[1:]] == ["1", "2", "3"]
    assert [row[0] for row in read(tmp_path / "training_metrics.csv")[1:]] == ["1"]
    open_writer(tmp_path).close()
    assert len(read(tmp_path / "steps.csv")) == len(read(tmp_path / "training_metrics.csv")) == 1


def test_a_run_killed_after_a_validation_writes_it_once(tmp_path):
    """Its checkpoint is of the epoch's last step, before the validation, which the next life does again."""
    writer = open_writer(tmp_path)
    for epoch in (1, 2):
        writer.log(10 * epoch, {"train/loss": 0.5})
        writer.log_epoch(metrics(epoch))
    before = read(tmp_path / "steps.csv")
    writer.close()
    writer = open_writer(tmp_path, last_step=20, last_epoch=1, last_validation=10)
    writer.log_epoch(metrics(2))
    writer.close()
    assert read(tmp_path / "steps.csv") == before


def test_tensorboard_can_read_the_events(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    writer = open_writer(tmp_path, tensorboard=True)
    for step in range(1, 6):
        writer.log(step, {"train/loss": step / 2})
    writer.close()
    writer = open_writer(tmp_path, last_step=3, tensorboard=True)
    writer.log(4, {"train/loss": 40.0})
    writer.close()
    events = EventAccumulator(str(tmp_path / "logs"))
    events.Reload()
    assert [(e.step, e.value) for e in events.Scalars("train/loss")] == [(1, 0.5), (2, 1.0), (3, 1.5), (4, 40.0)]


def test_wandb_that_is_not_installed_is_an_error_at_once(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(ConfigError, match="needs the package wandb; run `pip install wandb`"):
        open_writer(tmp_path, wandb=True)


def test_wandb_gets_every_value_and_a_resumed_run_the_same_id(tmp_path, monkeypatch):
    class FakeWandb:
        class errors:
            class Error(Exception):
                pass

        def __init__(self):
            self.ids, self.logged, self.fails, self.is_logged_in = [], [], False, True

        def login(self):
            if not self.is_logged_in:
                raise self.errors.Error("No API key configured")

        def init(self, **arguments):
            if self.fails:
                raise self.errors.Error("no API key")
            self.ids.append(arguments["id"])
            return self

        def log(self, values, step):
            self.logged.append((step, values))

        def finish(self):
            self.logged.append("finished")

    fake = FakeWandb()
    monkeypatch.setitem(sys.modules, "wandb", fake)
    writer = open_writer(tmp_path, wandb=True)
    writer.log(1, {"train/loss": 0.5})
    writer.close()
    open_writer(tmp_path, last_step=1, wandb=True).close()
    open_writer(tmp_path, wandb=True).close()
    assert fake.logged[:2] == [(1, {"train/loss": 0.5}), "finished"]
    assert fake.ids[0] == fake.ids[1] != fake.ids[2]
    fake.fails = True
    with pytest.raises(ConfigError, match="no API key; set WANDB_API_KEY .* WANDB_MODE=offline"):
        open_writer(tmp_path, wandb=True)
    fake.is_logged_in = False
    with pytest.raises(ConfigError, match="No API key configured; set WANDB_API_KEY .* WANDB_MODE=offline"):
        check_sinks(LoggingConfig(wandb=True))
    check_sinks(LoggingConfig())


def test_every_sink_gets_the_same_names(tmp_path, monkeypatch):
    """steps.csv, TensorBoard and W&B; training_metrics.csv writes the first slash of a name as an underscore."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    logged: set[str] = set()
    fake = SimpleNamespace(
        errors=SimpleNamespace(Error=KeyError),
        login=lambda: True,
        init=lambda **_: fake,
        finish=lambda: None,
        log=lambda values, step: logged.update(values),
    )
    monkeypatch.setitem(sys.modules, "wandb", fake)
    writer = open_writer(tmp_path, wandb=True, tensorboard=True)
    writer.log(1, {"train/loss": 0.5, "train/learning_rate": 1e-4})
    writer.log_epoch(metrics(1))
    writer.close()
    events = EventAccumulator(str(tmp_path / "logs"))
    events.Reload()
    in_steps = {row[1] for row in read(tmp_path / "steps.csv")[1:]}
    assert in_steps == logged == set(events.Tags()["scalars"]) and {"train/loss", "val/recall", "val/deep_share"} <= logged
    of_epochs = read(tmp_path / "training_metrics.csv")[0]
    assert {name.replace("/", "_", 1) for name in logged} <= set(of_epochs) | {"train_learning_rate"}


def test_a_writer_without_sinks_takes_everything(tmp_path):
    writer = MetricsWriter()
    writer.log(1, {"a": 1.0})
    writer.log_epoch(metrics(1))
    writer.close()
    assert not list(tmp_path.iterdir())
