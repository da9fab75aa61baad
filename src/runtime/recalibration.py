"""Alarm thresholds of an exported directory, fitted on the user's own benign texts: no checkpoint, no training code.

Routing, temperature and the model file do not change, nor does the threat bit of the graph's output `response`, which the guard
does not read. config.json gets a new checksum, and the model card gets the new thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..errors import DataError
from ..files import write_json, write_text
from ..policy import POLICIES
from ..progress import ProgressBar
from ..table_files import excerpt, read_rows
from .artifact import CARD_FILE, CONFIG_FILE, artifact_directory, checksum_of, read_artifact_config
from .calibration import Calibration, thresholds_section, with_thresholds
from .guard import SERVING_BATCH, Guard


def read_benign(path: Path, column: str) -> list[str]:
    """The texts in a column of a table or a key of JSON lines. Raises DataError that names the file and the row."""
    if not path.is_file():
        raise DataError(f"expected a file of benign texts at {path}, found {'a directory' if path.is_dir() else 'none'}")
    texts = []
    for where, (text,) in read_rows(path, {"--text_column": column}):
        if not isinstance(text, str):
            raise DataError(f"{where}: {column!r} must hold text, found {excerpt(text)}; fill it or remove the row")
        texts.append(text)
    if not texts:
        raise DataError(f"{path}: expected benign texts to set thresholds on, found no rows; add some")
    return texts


def recalibrate(guard: Guard, directory: Path, texts: Sequence[str], fpr_budget: float, source: str) -> Calibration:
    """Fit thresholds for this budget, which becomes the one in force, and write them to the directory; returns the calibration.

    `guard` was loaded from `directory`; `source` names the texts, which are scored as in serving. Raises DataError where the
    directory cannot be written.
    """
    parts = []
    with ProgressBar(len(texts), "calibrate", "texts") as bar:
        for start in range(0, len(texts), SERVING_BATCH):
            parts.append(guard.network.text_scores(texts[start : start + SERVING_BATCH], guard.file))
            bar.update(len(parts[-1]))
    benign = {policy: np.concatenate([part.p_attack[policy] for part in parts]) for policy in POLICIES}
    calibration = replace(
        with_thresholds(guard.network.calibration, benign, fpr_budget),
        n_attack=0,
        sources={source: len(texts)},
        deep_fraction=float(np.concatenate([part.is_deep for part in parts]).mean()),
        model_kind=guard.file,
    )
    write_calibration(directory, guard.network.calibration, calibration)
    return calibration


def write_calibration(directory: Path, previous: Calibration, calibration: Calibration) -> None:
    """Put a calibration into config.json and the card of an exported directory. Raises DataError if it cannot be written."""
    directory = artifact_directory(directory)
    config = read_artifact_config(directory) | {"calibration": calibration.to_dict()}
    card = directory / CARD_FILE
    try:
        if card.is_file():
            text = card.read_text(encoding="utf-8")
            write_text(card, text.replace(thresholds_section(previous), thresholds_section(calibration)))
        write_json(directory / CONFIG_FILE, config | {"checksum": checksum_of(config)})
    except OSError as error:
        raise DataError(
            f"cannot write thresholds to {directory}: {error.strerror or error}; copy the directory to a place of your own and "
            "name that with --model"
        ) from error
