"""A run: its paths, its lock and log, and the record of its configuration and environment."""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import os
import platform
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock
import numpy as np

from .config import DRY_RUN_NAME, Config, to_dict, to_yaml
from .errors import ConfigError
from .files import check_output_directory, read_json, sha256_of, write_json, write_text
from .progress import log_heartbeat

DEFAULT_OUTPUT_DIR = Path("outputs/production_final")
MANIFEST_NAME = "manifest.json"  # training data: sources, checksums, licences, rows
RECORDED_PACKAGES = (
    "torch",
    "accelerate",
    "transformers",
    "datasets",
    "tokenizers",
    "onnx",
    "onnxruntime",
    "numpy",
    "scikit-learn",
    "omegaconf",
    "optuna",
)


@dataclass(frozen=True)
class RunPaths:
    """Every path of a run, derived from its output directory.

    `outputs/production_final` has its checkpoints, logs and results beside `outputs/` (the published tree);
    any other directory is self-contained, so that two runs never share a file.
    """

    root: Path

    @property
    def _is_default(self) -> bool:
        return self.root.parts[-2:] == DEFAULT_OUTPUT_DIR.parts

    def _beside(self, name: str) -> Path:
        """`name/` beside `outputs/` for the default directory, inside the run otherwise."""
        return self.root.parent.parent / name if self._is_default else self.root / name

    def _per_run(self, name: str) -> Path:
        return self._beside(name) / self.root.name if self._is_default else self.root / name

    def _stage(self, name: str) -> Path:
        return (self.root.parent if self._is_default else self.root) / name

    stages = property(lambda self: self.root / ".stages")  # markers of run_end_to_end.sh for finished stages
    config_yaml = property(lambda self: self.root / "config.yaml")
    environment_json = property(lambda self: self.root / "environment.json")
    manifest_json = property(lambda self: self.root / MANIFEST_NAME)
    training_log = property(lambda self: self.root / "training.log")
    training_metrics_csv = property(lambda self: self.root / "training_metrics.csv")
    steps_csv = property(lambda self: self.root / "steps.csv")
    best_model = property(lambda self: self.root / "best_model.pth")
    safetensors = property(lambda self: self.root / "model.safetensors")
    final_metrics_json = property(lambda self: self.root / "final_metrics.json")
    optimized = property(lambda self: self.root / "optimized")
    optimization_json = property(lambda self: self.optimized / "optimization.json")
    checkpoints = property(lambda self: self._per_run("checkpoints"))
    tensorboard = property(lambda self: self._per_run("logs"))
    hpo = property(lambda self: self._stage("hpo"))
    study_db = property(lambda self: self.hpo / "study.db")
    ablations = property(lambda self: self.root / "ablations")
    ablations_json = property(lambda self: self.ablations / "ablations.json")
    dry_run = property(lambda self: self._stage("dry_run"))
    peer_packages = property(lambda self: self._stage("peer_packages"))
    peer_scores = property(lambda self: self._stage("peer_scores"))
    results = property(lambda self: self._beside("results"))
    benchmarks = property(lambda self: self.results / "benchmarks")
    baselines = property(lambda self: self.results / "baselines")
    figures = property(lambda self: self.results / "figures")
    attack_json = property(lambda self: self.results / "attack.json")
    evasion_json = property(lambda self: self.results / "evasion.json")
    latency_json = property(lambda self: self.results / "latency.json")
    leave_one_out_json = property(lambda self: self.results / "leave_one_out.json")
    model_card = property(lambda self: self.results / "model_card.md")
    tables_md = property(lambda self: self.results / "tables.md")
    tables_tex = property(lambda self: self.results / "tables.tex")
    report_md = property(lambda self: self.results / "report.md")
    report_html = property(lambda self: self.results / "report.html")

    @classmethod
    def of(cls, cfg: Config) -> RunPaths:
        return cls(Path(cfg.run.output_dir))


def in_dry_run_directory(cfg: Config) -> Config:
    """The config with the run's dry-run directory as output directory, so that no file of the run itself is touched.

    `run.name` becomes DRY_RUN_NAME whatever it was, because that name marks a model that is not to be served.
    """
    return replace(cfg, run=replace(cfg.run, name=DRY_RUN_NAME, output_dir=str(RunPaths.of(cfg).dry_run)))


@contextlib.contextmanager
def start_run(cfg: Config) -> Iterator[RunPaths]:
    """Create the run directory and lock it, log to `training.log`, seed every generator.

    Raises ConfigError while another run writes to the directory.
    """
    paths = RunPaths.of(cfg)
    with lock_run_directory(paths.root), log_to(paths.training_log):
        seed_everything(cfg)
        yield paths


@contextlib.contextmanager
def lock_run_directory(root: Path) -> Iterator[None]:
    """Create and lock the directory, so that no second run writes the same files. A killed process releases its lock.

    Raises ConfigError while another run holds the lock.
    """
    check_output_directory(root, "run.output_dir")
    if os.environ.get("RANK", "0") != "0":  # of the processes that a launcher starts for one run, only the first takes the lock
        yield
        return
    lock = filelock.FileLock(root / "run.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise ConfigError(
            f"another run writes to {root}: wait until it has ended, stop it, or choose another run.output_dir"
        ) from None
    try:
        yield
    finally:
        lock.release()


def record_run(cfg: Config, paths: RunPaths) -> None:
    """Write the configuration and the environment of the run."""
    write_text(paths.config_yaml, to_yaml(cfg))
    write_json(paths.environment_json, describe_environment())


@contextlib.contextmanager
def log_to(file: Path | None = None) -> Iterator[None]:
    """Log to the terminal, and to a file if given. Only scripts call this; importing `src` configures nothing."""
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    if file is not None:
        check_output_directory(file.parent, "run.output_dir")
        handlers.append(logging.FileHandler(file, encoding="utf-8"))
    formatter = logging.Formatter("%(asctime)s %(name)s: %(message)s", datefmt="%H:%M:%S")
    logger = logging.getLogger(__package__)
    logger.setLevel(logging.INFO)
    for handler in handlers:
        handler.setFormatter(formatter)
        logger.addHandler(handler)
    try:
        with contextlib.nullcontext() if sys.stderr.isatty() else log_heartbeat(logger):
            yield
    finally:
        for handler in handlers:
            logger.removeHandler(handler)
            handler.close()


def seed_everything(cfg: Config) -> None:
    """Seed Python, numpy and torch; set the number of torch threads to `run.num_threads`, or this process' share of the cores."""
    import torch  # takes a second to import, and the report and the data tools do not need it

    random.seed(cfg.run.seed)
    np.random.seed(cfg.run.seed)  # noqa: NPY002 -- libraries that we call still read the global generator
    torch.manual_seed(cfg.run.seed)
    local_world_size = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))  # processes that a launcher started on this machine
    torch.set_num_threads(cfg.run.num_threads or max(1, (os.cpu_count() or 1) // local_world_size))


def describe_environment() -> dict[str, object]:
    """Machine, versions and commit, as recorded beside every run and result."""
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpu": cpu_name(),
        "cores": os.cpu_count(),
        "packages": {name: _version_of(name) for name in RECORDED_PACKAGES},
        **git_state(),
    }


def provenance(cfg: Config, model_path: Path | None = None) -> dict[str, Any]:
    """The record in every results file: machine, versions and commit, the configuration with its two seeds, and the checksum of
    the training data's manifest. `model_path` is the checkpoint or the exported file or directory that was measured."""
    return {
        "environment": describe_environment(),
        "config": to_dict(cfg),
        "manifest_sha256": None if model_path is None else manifest_sha256_of(model_path),
    }


PROVENANCE = ("environment", "config", "manifest_sha256")  # keys of `provenance`: conditions, not results


def manifest_sha256_of(model_path: Path) -> str | None:
    """SHA-256 of the manifest.json of the run that made a model; None where it is not known.

    The manifest is beside a checkpoint and one directory above exported files; a release has the checksum in config.json.
    """
    directory = model_path if model_path.is_dir() else model_path.parent
    for place in (directory, directory.parent):
        if (place / MANIFEST_NAME).is_file():
            return sha256_of(place / MANIFEST_NAME)
    config = directory / "config.json"
    return read_json(config).get("manifest_sha256") if config.is_file() else None


def cpu_name() -> str:
    """The processor's model name; the machine type where the system does not state it."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def git_state() -> dict[str, object]:
    """Commit of the checkout and whether it had local changes; None outside a git checkout."""
    root = Path(__file__).resolve().parents[1]

    def git(*arguments: str) -> str | None:
        try:
            process = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)  # noqa: S607
        except (OSError, subprocess.CalledProcessError):
            return None
        return process.stdout.strip()

    status = git("status", "--porcelain")
    return {"commit": git("rev-parse", "HEAD"), "dirty": None if status is None else bool(status)}


def _version_of(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
