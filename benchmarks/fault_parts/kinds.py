"""The kinds of faults: each draws its settings, breaks one life of a stage with them and judges the result."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from src.errors import GuardrailError
from src.training.resume import newest_checkpoint

from .hub import MODES, ask_broken_hub
from .outcomes import SAME_AFTER_A_KILL, Outcome, is_clear, outcome_of
from .pipeline import REPO_ROOT, Life, Place, Reference, is_done, live, size_of

VERDICTS = ("survived", "refused", "lost", "silent", "changed input", "not run")
YEAR_S = 365 * 86400
Settings = dict[str, Any]

# Stages that are killed and starved, by how often: the ablation trains in processes of its own, which takes longest.
WEIGHTS = {
    "dry_run": 2,
    "hpo": 4,
    "train": 8,
    "optimize": 3,
    "benchmarks": 4,
    "ablation": 1,
    "figures": 2,
    "tables": 2,
    "card": 2,
    "report": 2,
}


@dataclass(frozen=True)
class Target:
    """Files of a state of which one is damaged, and the stage that reads it."""

    state: str
    pattern: str  # below the run's directory
    stage: str
    is_input: bool = False  # text of the user, which no checksum covers


TARGETS = {
    "data cache": Target("before_optimize", "data_cache/*.npz", "optimize"),
    "checkpoint": Target("half_trained", "checkpoints/*.pth", "train"),
    "best_model.pth": Target("before_optimize", "best_model.pth", "optimize"),
    "model.onnx": Target("before_fp32", "optimized/model.onnx", "fp32"),
    "model_int8.onnx": Target("before_check", "release/model_int8.onnx", "check"),
    "tokenizer.json": Target("before_check", "release/tokenizer.json", "check"),
    "config.json": Target("before_check", "release/config.json", "check"),
    "exported directory": Target("before_benchmarks", "optimized/*[!d]", "benchmarks"),
    "JSONL file": Target("before_optimize", "data/*/*.jsonl", "optimize", is_input=True),
    "study.db": Target("before_train", "hpo/study.db", "hpo"),
    "scores of benchmarks": Target("half_scored", "results/benchmarks/**/*.npz", "benchmarks"),
    "scores of cells": Target("cells_scored", "ablations/*/*/scores.npz", "ablation"),
    "scores of a teacher": Target("teacher_asked", "student/teacher_scores/*", "student"),
}


@dataclass(frozen=True)
class Trial:
    """The input of a fault: its directories, the reference of an undisturbed run, and its settings."""

    place: Place
    reference: Reference
    settings: Settings

    def verdict(self, life: Life, stage: str, *, name: str | None = None, after_kill: bool = False) -> tuple[str, str]:
        """Verdict on one life and a description. name: the damaged file, which a refusal must mention."""
        if is_done(stage, life.status):
            try:
                outcome = outcome_of(stage, self.place.run, self.place.output)
            except (OSError, KeyError, GuardrailError) as error:
                return "silent", f"{stage} ended well without its result: {error!r}"
            keys = SAME_AFTER_A_KILL.get(stage) if after_kill else None
            differing = differences(self.reference.outcomes[stage], outcome, keys)
            return ("silent", f"differs in {differing}") if differing else ("survived", "")
        output = self.place.output.read_text(encoding="utf-8", errors="replace")
        last = ([line for line in output.splitlines() if line.strip()] or ["no output"])[-1][:300]
        if life.status is None:
            return "lost", "hung"
        return ("refused" if is_clear(output, name) else "lost"), f"status {life.status}: {last}"

    def once_more(self, first: Life, stage: str, saw: str = "") -> tuple[str, str]:
        """The verdict after a fault that has passed: the same command is run again and must end as an undisturbed run."""
        verdict, seen = self.verdict(first, stage)
        if verdict in ("silent", "survived"):
            return verdict, seen
        again, seen_again = self.verdict(live(self.place, stage), stage, after_kill=True)
        if again != "survived":
            return ("silent" if again == "silent" else "lost"), f"{seen}; again: {seen_again}{saw}"
        return ("refused" if verdict == "refused" else "survived"), seen + saw


def differences(expected: Outcome, actual: Outcome, keys: set[str] | None) -> str:
    """Names of what differs; "" where all is equal. keys: only these are compared."""
    return ", ".join(sorted(key for key in keys or expected.keys() | actual.keys() if expected.get(key) != actual.get(key)))


def draw_kill(rng: random.Random) -> Settings:
    return {
        "stage": rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0],
        "signal": rng.choice(["SIGKILL", "SIGTERM", "SIGINT"]),
        "moment": rng.random(),
    }


def kill(trial: Trial) -> tuple[str, str]:
    """Kill the stage after a share of its CPU time, then run the same command again."""
    place, stage = trial.place, trial.settings["stage"]
    place.restore(f"before_{stage}")
    moment = trial.settings["moment"] * trial.reference.cpu_s[stage]
    life = live(place, stage, until=lambda cpu_s: cpu_s >= moment, number=signal.Signals[trial.settings["signal"]])
    had = newest_checkpoint(place.run) if stage == "train" else None
    verdict, seen = trial.verdict(live(place, stage), stage, after_kill=True)
    output = place.output.read_text(encoding="utf-8", errors="replace")
    partial_files = [path.name for path in place.run.root.rglob("*.partial")]
    seen += f"; left behind: {', '.join(partial_files)}" if partial_files else ""
    is_inside = had is not None and had.name != "checkpoint_epoch_2.pth"  # after the last one nothing is trained
    if verdict == "survived" and is_inside and life.status != 0 and "going on from" not in output:
        return "lost", f"there was {had.name}, and the run began anew{seen}"
    return ("lost" if verdict == "refused" else verdict), seen


def draw_disk(rng: random.Random) -> Settings:
    stage = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    return {"stage": stage, "how": rng.choice(["full", "full", "read-only"]), "share": rng.random()}


def disk(trial: Trial) -> tuple[str, str]:
    """Run on a file system that becomes full or is read-only, then the same command with room."""
    place, stage, how = trial.place, trial.settings["stage"], trial.settings["how"]
    grown = max(trial.reference.grown[stage], 1 << 17)
    with small_disk(place) as resize:
        limited: Callable[[], None] = lambda: None  # noqa: E731
        place.restore(f"before_{stage}")
        if how == "read-only" and not resize("ro"):
            return "not run", "this user cannot mount a file system"
        limit_bytes = size_of(place.run.root) + int(trial.settings["share"] * grown * 1.3) + (1 << 16)
        if how == "full" and not resize(f"size={limit_bytes}"):
            limited = partial(limit, resource.RLIMIT_FSIZE, int(trial.settings["share"] * grown / 2) + 1024)
        life = live(place, stage, prepare=limited)
        resize("rw,size=2g")
        return trial.once_more(life, stage, "" if resize("rw") else " (a limit of file sizes in place of a full disk)")


@contextmanager
def small_disk(place: Place) -> Iterator[Callable[[str], bool]]:
    """A file system in memory in place of the run's directory; yields what changes its options and says whether it could."""
    root = place.run.root
    root.mkdir(parents=True, exist_ok=True)

    def mount(*words: str) -> bool:
        return shutil.which("mount") is not None and subprocess.run(["mount", *words], capture_output=True).returncode == 0

    if not mount("-t", "tmpfs", "-o", "size=2g", "tmpfs", str(root)):
        yield lambda options: False
        return
    try:
        yield lambda options: mount("-o", f"remount,{options}", str(root))
    finally:
        subprocess.run(["umount", "-l", str(root)], check=True)


def limit(kind: int, value: int) -> None:
    """Limit a resource of the calling process."""
    resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))


def draw_flip(rng: random.Random) -> Settings:
    return {"target": rng.choice(list(TARGETS)), "file": rng.random(), "byte": rng.random(), "bit": rng.randrange(8)}


def flip(trial: Trial) -> tuple[str, str]:
    """Flip one bit of one file, then run the stage that reads it."""
    place, target = trial.place, TARGETS[trial.settings["target"]]
    place.restore(target.state)
    files = sorted(path for path in place.run.root.glob(target.pattern) if path.is_file() and path.stat().st_size)
    if not files:
        return "not run", f"no {target.pattern} in state {target.state}"
    path = files[int(trial.settings["file"] * len(files))]
    byte = int(trial.settings["byte"] * path.stat().st_size)
    with path.open("r+b") as file:
        file.seek(byte)
        value = file.read(1)[0]
        file.seek(byte)
        file.write(bytes([value ^ 1 << trial.settings["bit"]]))
    verdict, seen = trial.verdict(live(place, target.stage), target.stage, name=path.name)
    if verdict == "silent" and target.is_input:
        verdict = "changed input"
    return verdict, f"{path.relative_to(place.run.root)}, byte {byte}: {seen}"


def draw_memory(rng: random.Random) -> Settings:
    return {"stage": rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0], "headroom_mb": rng.randrange(1, 60)}


def memory(trial: Trial) -> tuple[str, str]:
    """Run with a limit of `headroom_mb` of address space beyond the imported libraries, then the same command without one."""
    place, stage = trial.place, trial.settings["stage"]
    place.restore(f"before_{stage}")
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit_bytes = pages * os.sysconf("SC_PAGE_SIZE") + trial.settings["headroom_mb"] * (1 << 20)
    return trial.once_more(live(place, stage, prepare=partial(limit, resource.RLIMIT_AS, limit_bytes)), stage)


def draw_hub(rng: random.Random) -> Settings:
    return {"mode": rng.choice(MODES), "what": rng.choice(["data", "encoder"])}


def hub(trial: Trial) -> tuple[str, str]:
    """A Hub that does not answer as it should; the command must end with one message that says what to do."""
    place = trial.place
    place.restore("before_train")
    command = place.commands()["train"]
    overrides = (
        ["data.source=hub", "data.hub_sets=[deepset]"] if trial.settings["what"] == "data" else ["model.tokenizer_from=a/b"]
    )
    status = ask_broken_hub([*command, *overrides], trial.settings["mode"], place)
    output = place.output.read_text(encoding="utf-8", errors="replace")
    last = ([line for line in output.splitlines() if line.strip()] or ["no output"])[-1][:300]
    if status == 0:
        return "silent", "it ended well"
    return ("refused" if status is not None and is_clear(output, None) else "lost"), f"status {status}: {last}"


def draw_clock(rng: random.Random) -> Settings:
    how = rng.choice(["files of next year", "files of 1980", "mixed files", "a year back", "a year ahead"])
    # Whole processes are started under another clock: stages that take few seconds.
    stages = ["hpo", "train", "benchmarks", "tables", "card", "report"] if "year" not in how[:6] else ["hpo", "tables", "card"]
    return {"how": how, "stage": rng.choice(stages)}


def clock(trial: Trial) -> tuple[str, str]:
    """The clock jumped since the stage before: times of files, or the time itself, lie in the future or the past."""
    place, stage, how = trial.place, trial.settings["stage"], trial.settings["how"]
    place.restore(f"before_{stage}" if stage != "train" else "half_trained")
    now, rng = time.time(), random.Random(trial.settings["number"])
    shifts = {"files of next year": (YEAR_S,), "files of 1980": (315532800 - now,), "mixed files": (-YEAR_S, 0, YEAR_S)}
    if how in shifts:
        for path in sorted(place.run.root.rglob("*")):
            moved = now + rng.choice(shifts[how])
            os.utime(path, (moved, moved))
        return trial.verdict(live(place, stage), stage)
    if shutil.which("faketime") is None:
        return "not run", "faketime is not installed"
    return trial.verdict(_run_under_other_clock(place, stage, "-365d" if how == "a year back" else "+365d"), stage)


def _run_under_other_clock(place: Place, stage: str, shift: str) -> Life:
    with place.output.open("w") as output:
        process = subprocess.run(
            ["faketime", "-f", shift, sys.executable, *place.commands()[stage]],
            cwd=REPO_ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"DONT_FAKE_MONOTONIC": "1"},
            check=False,
        )
    return Life(process.returncode, 0.0, False)


@dataclass(frozen=True)
class Kind:
    """How often a kind is drawn, its settings, and the fault itself."""

    weight: int
    draw: Callable[[random.Random], Settings]
    strike: Callable[[Trial], tuple[str, str]]


KINDS = {
    "kill": Kind(30, draw_kill, kill),
    "disk": Kind(14, draw_disk, disk),
    "flip": Kind(36, draw_flip, flip),
    "memory": Kind(7, draw_memory, memory),
    "hub": Kind(4, draw_hub, hub),
    "clock": Kind(9, draw_clock, clock),
}
