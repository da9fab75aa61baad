"""Teachers' scores of the training windows: computed once before training, kept with the run.

Hinton et al. 2015 (arXiv 1503.02531). A teacher is a trained guard or any text-classification model with a class for attacks;
several are an ensemble whose probabilities are averaged, so that the seeds of one configuration can be distilled into one
model. Only the verdict is distilled: other models have other classes. Shapes: W windows.
"""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

import numpy as np
import torch

from ..config import DistillConfig
from ..data.loader import TrainingWindows
from ..errors import ConfigError, GuardrailError
from ..evaluation.baselines.hub import HubGuard, parse_hub_guard
from ..evaluation.predictor import Predictor, identity_of, load_predictor
from ..evaluation.score_cache import ScoreCache, scores_key
from ..files import atomic_write, load_arrays

log = logging.getLogger(__name__)

TEACHER_SCORES = "teacher_scores"  # name of a directory inside that of the run
SCORES_ARRAY = "p_attack"  # name of the array in a file of scores
CHUNK_WINDOWS = 2000  # windows that are scored and stored together
MIN_PROBABILITY = 1e-4  # probabilities are clipped to [1e-4, 1 - 1e-4]: a teacher's certainty beyond is not calibrated


def teacher_logits(cfg: DistillConfig, windows: TrainingWindows, directory: Path | None) -> np.ndarray:
    """(W,) float32 log-odds of an attack: of the teachers' mean probability for the text of each window.

    Scores are kept in `directory`, a file per teacher and CHUNK_WINDOWS, so that a killed run goes on; None keeps nothing.
    Raises ConfigError for a teacher that cannot be loaded.
    """
    texts = [windows.examples[row].text[start:end] for row, (start, end) in zip(windows.rows, windows.bounds, strict=True)]
    probabilities = [_score_windows(word, texts, directory) for word in cfg.teachers]
    mean = np.mean(probabilities, axis=0).clip(MIN_PROBABILITY, 1 - MIN_PROBABILITY)
    return np.log(mean / (1 - mean)).astype(np.float32)


def load_teacher(word: str) -> tuple[Predictor, str]:
    """A checkpoint or exported directory of ours, or PLACE#INDEX, and the identity that its scores depend on."""
    try:
        if "#" in word:
            name, model = parse_hub_guard(word)
            return HubGuard.load(name, model), f"{word}:{model.revision}"
        guard, _ = load_predictor(Path(word), device="cuda" if torch.cuda.is_available() else "cpu")
        return guard, identity_of(Path(word), guard)
    except GuardrailError as error:
        raise ConfigError(
            f"distill.teachers: {word!r} cannot be loaded ({error}); name a best_model.pth, an exported directory, or "
            "PLACE#INDEX, the place of a text-classification model and the number of its class for attacks"
        ) from error


def _score_windows(word: str, texts: list[str], directory: Path | None) -> np.ndarray:
    """(W,) P(attack) of one teacher."""
    teacher, identity = load_teacher(word)
    log.info("teacher %s: scoring %d training windows", word, len(texts))
    cache = ScoreCache(directory, ".npz", load=_load_scores, save=_save_scores)
    parts = []
    for start in range(0, len(texts), CHUNK_WINDOWS):
        chunk = texts[start : start + CHUNK_WINDOWS]
        score = partial(_p_attack, teacher, chunk, f"teacher {start:,} of {len(texts):,}")
        parts.append(cache.read_or_compute(scores_key(identity, chunk), score))
    return np.concatenate(parts)


def _p_attack(teacher: Predictor, texts: list[str], desc: str) -> np.ndarray:
    return teacher.predict(texts, desc=desc).p_attack["full"]


def _load_scores(file: Path) -> np.ndarray:
    return load_arrays(file, "remove it, and the same command scores those windows again")[SCORES_ARRAY]


def _save_scores(file: Path, probabilities: np.ndarray) -> None:
    """In an archive, whose checksums reveal damage: the model would learn a wrong score."""
    with atomic_write(file) as unfinished, unfinished.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **{SCORES_ARRAY: probabilities})
