"""What run_end_to_end.sh keeps in `.stages/` of its directory, and whether it may start there.

STAGE         the stage is done; holds the time that it took
STAGE.repeat  the stage starts over and discards what an earlier one left: the user asked for it
config.yaml   the configuration that these stages are of
"""

from __future__ import annotations

from typing import Any

from .config import Config, difference, differing_keys, read_yaml, to_dict, to_yaml
from .errors import ConfigError
from .files import write_text
from .run import RunPaths, only_run_in
from .training.resume import newest_checkpoint

RESUMED = ("hpo", "train", "ablation")  # stages that go on with what they find, and whose results take long to make again
SHOWN_DIFFERENCES = 4


def claim_directory(cfg: Config, *, restart: bool = False) -> None:
    """Make the run's directory and record that its stages are those of `cfg`: of another configuration none is done.

    Raises ConfigError when it holds a training or a search of another configuration, unless `restart` gives leave to discard it,
    and while a training writes to it.
    """
    paths = RunPaths.of(cfg)
    with only_run_in(paths.root):  # the marks of a run that is in training are its own
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
            for stage in RESUMED:
                (paths.stages / f"{stage}.repeat").touch()


def _refuse_other_run(cfg: Config, paths: RunPaths) -> None:
    begun = paths.stages / "config.yaml"
    is_trained = newest_checkpoint(paths) is not None or paths.best_model.is_file()
    # What is about to be discarded, because the user said so before an interruption, refuses nobody.
    is_kept = is_trained and not (paths.stages / "train.repeat").exists()
    is_searched = paths.study_db.is_file() and not (paths.stages / "hpo.repeat").exists()
    if is_kept and paths.config_yaml.is_file():
        differing = _differences(read_yaml(paths.config_yaml), cfg)
    elif (is_kept or is_searched) and begun.is_file():
        differing = _differences(read_yaml(begun), cfg)
    else:
        return  # nothing to lose, or nothing known about it: the stage itself compares before it goes on
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
    return [difference(key, *values) for key, values in differing_keys(stored, to_dict(cfg)).items()]
