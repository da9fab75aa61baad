"""The steps that produce a table of the paper: commands in order, their inputs and outputs, and which are already done."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..config import Config, describe_difference, differing_keys, load_config, to_dict
from ..files import sha256_of
from ..run import RunPaths, git_state
from .paper_tables import TABLE_NEEDS
from .results import SOURCES, STUDIES, TRAINING, read_results

TRAIN, TABLES = "training", "tables"
WITHOUT_DATA = ("latency",)  # run on random token ids with the base settings, without rows or configuration of the run
ON_LOCAL_FILES = ("peers",)  # scored on files of data.local_dir alone
EVALUATION_FILES = "data.local_dir=DIR, the directory whose eval/ holds the files"
COMMIT_CHARS, MAX_SHOWN_DIFFERENCES = 10, 3


@dataclass(frozen=True)
class Step:
    """A command without its interpreter, its inputs, and the file that it writes last."""

    name: str
    words: list[str]
    reads: list[str]
    writes: Path
    measured_with: Config = field(repr=False)
    lacks: str | None = None  # what the command needs and the run's configuration does not name: it cannot be run

    @property
    def command(self) -> str:
        return f"python {shlex.join(self.words)}"


def steps_of(table: int, paths: RunPaths, cfg: Config, training_words: Sequence[str]) -> list[Step]:
    """Training, export, what the table needs, and the table. `training_words` are those of the training script.

    `cfg` is the run's configuration.
    """
    training = [TRAINING, *training_words, "--output_dir", str(paths.root)]
    names = dict.fromkeys(("optimization", *TABLE_NEEDS[table]))  # every metric but those of training is of the exported files
    sources = SOURCES | STUDIES
    measurements = [
        Step(
            name=name,
            words=sources[name].words(paths),
            reads=[
                str(paths.best_model if name == "optimization" else paths.optimized),
                *([] if name in WITHOUT_DATA else describe_data_sources(cfg)),
            ],
            writes=sources[name].path(paths),
            measured_with=load_config() if name in WITHOUT_DATA else cfg,
            lacks=EVALUATION_FILES if name in ON_LOCAL_FILES and not cfg.data.local_dir else None,
        )
        for name in names
    ]
    tables = Step(
        name=TABLES,
        words=["scripts/make_tables.py", "--run", str(paths.root)],
        reads=[*(str(sources[name].path(paths)) for name in TABLE_NEEDS[table]), "configs/published.yaml"],
        writes=paths.tables_md,
        measured_with=cfg,
    )
    return [Step(TRAIN, training, describe_data_sources(cfg), paths.final_metrics_json, cfg), *measurements, tables]


def describe_data_sources(cfg: Config) -> list[str]:
    """Origin of the rows of a configuration, for messages."""
    places = {"builtin": "corpus/", "local": f"{cfg.data.local_dir}/", "hub": "data sets of the Hugging Face Hub"}
    corpus = ["corpus/"] if cfg.data.source != "builtin" and cfg.data.corpus.use != "none" else []
    return [places[cfg.data.source], *corpus]


def reason_to_run(step: Step, paths: RunPaths) -> str | None:
    """Why a step must be run; None if its file exists and is of this commit, these data and this configuration.

    A finished training is never repeated: the guard is what the tables are about, and a new one goes to another directory.
    Raises DataError for a file that cannot be parsed.
    """
    if step.name == TABLES:
        return "it takes a second"
    if not step.writes.is_file():
        return f"{step.writes} is missing"
    if step.name == TRAIN:
        return None if paths.best_model.is_file() else f"{paths.best_model} is missing"
    stored, now = read_results(step.writes), git_state()
    measured = stored.get("environment", {})
    if now["commit"] is None or now["dirty"]:
        return "this checkout has local changes" if now["commit"] else "this is no git checkout, so no commit can be compared"
    if measured.get("commit") != now["commit"] or measured.get("dirty") is not False:
        return f"it was measured at {_format_commit(measured)}, and this is {_format_commit(now)}"
    manifest = sha256_of(paths.manifest_json) if paths.manifest_json.is_file() else None
    if manifest is None or stored.get("manifest_sha256") != manifest:
        return f"it was measured on a guard of other data than {paths.manifest_json} says"
    differing = differing_keys(stored.get("config", {}), to_dict(step.measured_with))
    if differing:
        differences = [describe_difference(key, *values) for key, values in differing.items()][:MAX_SHOWN_DIFFERENCES]
        return f"it was measured with other values: {'; '.join(differences)}"
    return None


def trained_at(paths: RunPaths) -> str:
    """The commit of a run's training, as messages name it."""
    return _format_commit(read_results(paths.environment_json) if paths.environment_json.is_file() else {})


def _format_commit(state: dict[str, object]) -> str:
    commit = state.get("commit")
    return f"{str(commit)[:COMMIT_CHARS]}{' with local changes' if state.get('dirty') else ''}" if commit else "an unknown commit"
