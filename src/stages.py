"""The files of run_end_to_end.sh in `.stages/` of a run's directory, and the check whether it may start there.

STAGE         marks a finished stage; holds its duration
STAGE.repeat  the stage starts over and discards earlier results, as the user asked
config.yaml   the configuration of these stages
"""

from __future__ import annotations

from typing import Any

from .config import Config, describe_difference, differing_keys, read_yaml, to_dict, to_yaml
from .errors import ConfigError
from .files import write_text
from .run import RunPaths, lock_run_directory
from .training.resume import newest_checkpoint

RESUMED_STAGES = ("hpo", "train", "ablation")  # slow stages that continue from earlier results
SHOWN_DIFFERENCES = 4


def claim_directory(cfg: Config, *, restart: bool = False) -> None:
    """Create the run's directory and record `cfg` as the configuration of its stages. Drops the markers of another configuration.

    Raises ConfigError when it holds a training or a search of another configuration, unless `restart` allows to discard it, and
    while a training writes to it.
    """
    paths = RunPaths.of(cfg)
    with lock_run_directory(paths.root):  # a training that is under way keeps its markers
        if not restart:
            _refuse_other_run(cfg, paths)
        record = paths.stages / "config.yaml"
        if not restart and record.is_file() and not _differences(read_yaml(record), cfg):
            return
        paths.stages.mkdir(exist_ok=True)
        for file in paths.stages.iterdir():
            file.unlink()
        write_text(record, to_yaml(cfg))
        if restart:
            for stage in RESUMED_STAGES:
                (paths.stages / f"{stage}.repeat").touch()


def _refuse_other_run(cfg: Config, paths: RunPaths) -> None:
    stages_config = paths.stages / "config.yaml"
    is_trained = newest_checkpoint(paths) is not None or paths.best_model.is_file()
    # Results that the user asked to discard, before an interruption, are no reason to refuse.
    is_kept = is_trained and not (paths.stages / "train.repeat").exists()
    is_searched = paths.study_db.is_file() and not (paths.stages / "hpo.repeat").exists()
    if is_kept and paths.config_yaml.is_file():
        differing = _differences(read_yaml(paths.config_yaml), cfg)
    elif (is_kept or is_searched) and stages_config.is_file():
        differing = _differences(read_yaml(stages_config), cfg)
    else:
        return  # nothing to lose, or its configuration is unknown: the stage itself compares before it continues
    if differing:
        shown = "; ".join(differing[:SHOWN_DIFFERENCES])
        more = f"; and {len(differing) - SHOWN_DIFFERENCES} more" if len(differing) > SHOWN_DIFFERENCES else ""
        name = cfg.run.name if cfg.run.name != paths.root.name else f"{cfg.run.name}_2"
        what = "training" if is_kept else "hyperparameter search"
        raise ConfigError(
            f"{paths.root} holds the {what} of another configuration ({shown}{more}). Nothing was changed. Either keep it and "
            f"start this run elsewhere with run.output_dir={paths.root.parent / name}, or discard it with --restart, or give "
            "the old values to go on with it"
        )


def _differences(stored: dict[str, Any], cfg: Config) -> list[str]:
    return [describe_difference(key, *values) for key, values in differing_keys(stored, to_dict(cfg)).items()]
