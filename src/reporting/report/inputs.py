"""Read all files of a run that the report is made of into one dict."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...config import BASE_CONFIG, flatten, from_dict, load_config, read_yaml, to_dict
from ...run import RunPaths
from ..references import load_published, load_targets
from ..results import SOURCES, read_run, studies_not_run


def collect(paths: RunPaths) -> dict[str, Any]:
    """Read what the stages of a run wrote. Missing files are listed under `missing` with the script that writes them,
    studies of other scripts under `studies_not_run` with their commands.

    Raises DataError for a file that is there and cannot be parsed, and for benchmark results of another schema.
    """
    report: dict[str, Any] = read_run(paths, SOURCES)
    report |= {"run_dir": str(paths.root), "targets": load_targets(), "published": load_published()}
    report["studies_not_run"] = studies_not_run(paths)
    if paths.config_yaml.is_file():
        report["config_diff"] = _config_diff(paths.config_yaml)
    else:
        report["missing"]["config_diff"] = f"{paths.config_yaml} is missing; train_production_final.py writes it"
    report["figures"] = [_read_figure(path, paths.report_md.parent) for path in sorted(paths.figures.glob("*.png"))]
    report["files"] = _list_files(paths)
    return report


def missing_note(report: Mapping[str, Any], key: str) -> str:
    """Why a part has nothing to show, and the command that writes its data."""
    return f"not run: {report['missing'][key]}"


def _config_diff(path: Path) -> list[dict[str, Any]]:
    """Leaf keys whose value is not that of configs/base_config.yaml."""
    base, run = flatten(to_dict(load_config([BASE_CONFIG]))), flatten(to_dict(from_dict(read_yaml(path))))
    keys = sorted(base.keys() | run.keys())
    return [{"key": key, "base": base.get(key), "run": run.get(key)} for key in keys if base.get(key) != run.get(key)]


def _read_figure(path: Path, base: Path) -> dict[str, str]:
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return {
        "name": path.stem.replace("_", " "),
        "path": path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix(),
        "data_uri": f"data:image/png;base64,{data}",
    }


def _list_files(paths: RunPaths) -> list[dict[str, Any]]:
    """Files of the run with their size in bytes, without the training checkpoints."""
    directories = [paths.root, paths.optimized, paths.hpo, paths.dry_run, paths.benchmarks, paths.figures]
    files = {file for directory in directories if directory.is_dir() for file in directory.iterdir() if file.is_file()}
    visible = sorted(file for file in files if not file.name.startswith("."))
    return [{"path": file.as_posix(), "bytes": file.stat().st_size} for file in visible]
