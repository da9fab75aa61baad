"""References for results: the project's targets and figures that others published."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from omegaconf import OmegaConf

from ..config import CONFIG_DIR
from ..errors import DataError

TARGETS = CONFIG_DIR / "targets.yaml"
PUBLISHED = CONFIG_DIR / "published.yaml"
PUBLISHED_KEYS = ("system", "benchmark", "figure", "value", "harness", "source")


def load_targets(path: Path = TARGETS) -> list[dict[str, Any]]:
    """The rows of targets.yaml. OmegaConf reads it, since plain YAML takes 5e-5 for a string."""
    return _read_rows(path, "targets")


def load_published(path: Path = PUBLISHED) -> list[dict[str, Any]]:
    """The rows of published.yaml. Raises DataError for a figure without its harness or its source."""
    rows = _read_rows(path, "figures")
    for row in rows:
        missing_keys = [key for key in PUBLISHED_KEYS if row.get(key) in (None, "")]
        if missing_keys:
            raise DataError(f"{path}: the figure {row} lacks {', '.join(missing_keys)}")
    return rows


def _read_rows(path: Path, key: str) -> list[dict[str, Any]]:
    return cast("dict[str, Any]", OmegaConf.to_container(OmegaConf.load(path)))[key]
