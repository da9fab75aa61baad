"""Likely label errors: rows whose label a simple model contradicts.

A linear model on hashed n-grams scores rows that it was not trained on (cross-validation by group). Of the rows whose label
it contradicts with high confidence, most are hard and some are labelled wrongly.

Shapes: N rows, K = 5 classes: the four labels, and plain harmful requests apart from jailbreaks.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier
from tqdm import tqdm

from ..errors import DataError
from ..labels import Family, Label
from .cache import content_name, read_arrays, write_arrays
from .schema import Example
from .splits import unit_interval

log = logging.getLogger(__name__)

MAX_MODEL_CHARS = 1000  # the model reads the beginning of a text
FOLDS = 3
MAX_SUSPECTS_PER_SOURCE = 50
MIN_SUSPECT_PROBABILITY = 0.5  # least probability of another class than the label's
TEXTS_PER_TASK = 2000
CACHE_CODE = ("data/label_noise.py", "data/splits.py")
CLASSES = (*(label.name.lower() for label in Label), Family.HARMFUL_REQUEST.name.lower())
_PLAIN_HARM = len(Label)


@dataclass(frozen=True)
class Suspect:
    """A row to which the model assigns another class than its label."""

    example: Example
    label: str  # one of CLASSES
    predicted: str
    probability: float  # of the predicted class


def find_suspects(examples: Sequence[Example], *, seed: int, cache_dir: Path | None) -> list[Suspect]:
    """The MAX_SUSPECTS_PER_SOURCE most contradicted rows of each source, by source and then by probability.

    Deterministic. With `cache_dir` the probabilities are cached by the content of the rows. Raises DataError when there
    is only one class.
    """
    classes = np.array([_class_of(example) for example in examples], dtype=np.int64)
    if len(np.unique(classes)) < 2:
        raise DataError("expected rows of at least two classes to look for wrong labels, found one; add benign or attack rows")
    probabilities = _predict_out_of_fold(examples, classes, seed, cache_dir)
    predicted = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    by_source: dict[str, list[Suspect]] = defaultdict(list)
    for place in np.flatnonzero((predicted != classes) & (confidence >= MIN_SUSPECT_PROBABILITY)).tolist():
        by_source[examples[place].source].append(
            Suspect(examples[place], CLASSES[classes[place]], CLASSES[predicted[place]], float(confidence[place]))
        )
    ranked = {
        source: sorted(suspects, key=lambda each: -each.probability)[:MAX_SUSPECTS_PER_SOURCE]
        for source, suspects in by_source.items()
    }
    return [suspect for source in sorted(ranked) for suspect in ranked[source]]


def _class_of(example: Example) -> int:
    is_plain_harm = example.label == Label.JAILBREAK and example.family == Family.HARMFUL_REQUEST
    return _PLAIN_HARM if is_plain_harm else int(example.label)


def fold_of(group: str, seed: int) -> int:
    """The test fold of a group: all its rows are scored by a model that was trained on none of them."""
    return int(unit_interval(seed, "fold", group) * FOLDS)


def _predict_out_of_fold(examples: Sequence[Example], classes: np.ndarray, seed: int, cache_dir: Path | None) -> np.ndarray:
    """(N, K) out-of-fold class probabilities."""
    file = None
    if cache_dir is not None:
        texts, groups = ([getattr(example, name) for example in examples] for name in ("text", "group"))
        file = cache_dir / content_name(CACHE_CODE, texts, groups, classes.tolist(), [seed])
        cached = read_arrays(file)
        if cached is not None and set(cached) == {"probabilities"}:
            return cached["probabilities"]
    features = _vectorise([example.text[:MAX_MODEL_CHARS] for example in examples])
    folds = np.array([fold_of(example.group, seed) for example in examples])
    probabilities = np.zeros((len(examples), len(CLASSES)), dtype=np.float32)
    for fold in tqdm(range(FOLDS), desc="label noise: folds"):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if len(test) == 0 or len(np.unique(classes[train])) < 2:
            probabilities[test, classes[test]] = 1.0  # too few rows to contradict them
            continue
        # Balanced: attacks are rare, and would all be suspects otherwise.
        model = SGDClassifier(
            loss="log_loss", alpha=1e-4, average=True, max_iter=10, tol=None, class_weight="balanced", random_state=seed
        )
        model.fit(features[train], classes[train])
        probabilities[np.ix_(test, model.classes_)] = model.predict_proba(features[test])
    if file is not None:
        write_arrays(file, {"probabilities": probabilities})
    return probabilities


def _vectorise(texts: Sequence[str]) -> sparse.csr_matrix:
    """(N, 2^19) hashed words and word pairs, and hashed runs of 2 to 4 characters inside words."""
    word = HashingVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", n_features=1 << 18, dtype=np.float32)  # noqa: S106
    char = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=1 << 18, dtype=np.float32)
    parts = []
    bar = tqdm(range(0, len(texts), TEXTS_PER_TASK), desc="label noise: n-grams", disable=len(texts) <= TEXTS_PER_TASK)
    for first in bar:
        part = texts[first : first + TEXTS_PER_TASK]
        parts.append(sparse.hstack([word.transform(part), char.transform(part)], format="csr"))
    return sparse.vstack(parts, format="csr")
