"""Rows whose label a simple model denies: where to look for mistakes of labelling.

A linear model on hashed n-grams is trained on other rows than it judges (cross-validation by group), so a row that it
contradicts with confidence looks like the other class to everything but its own label. Most are hard, some are wrong.

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

MAX_CHARS = 1000  # of a text that the model reads
FOLDS = 3
PER_SOURCE = 50
MIN_PROBABILITY = 0.5  # of another class than the label's
TEXTS_PER_TASK = 2000
CODE = ("data/label_noise.py", "data/splits.py")
CLASSES = (*(label.name.lower() for label in Label), Family.HARMFUL_REQUEST.name.lower())
_PLAIN_HARM = len(Label)


@dataclass(frozen=True)
class Suspect:
    """A row that the model gives to another class."""

    example: Example
    label: str  # one of CLASSES
    predicted: str
    probability: float  # of the predicted class


def find_suspects(examples: Sequence[Example], *, seed: int, cache_dir: Path | None) -> list[Suspect]:
    """The PER_SOURCE rows of each source that are contradicted most, by source and then by probability.

    Deterministic. With `cache_dir` the probabilities are kept by the content of the rows. Raises DataError where there is
    only one class: then nothing can contradict anything.
    """
    classes = np.array([_class_of(example) for example in examples], dtype=np.int64)
    if len(np.unique(classes)) < 2:
        raise DataError("expected rows of at least two classes to look for wrong labels, found one; add benign or attack rows")
    probabilities = _probabilities(examples, classes, seed, cache_dir)
    predicted = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    by_source: dict[str, list[Suspect]] = defaultdict(list)
    for place in np.flatnonzero((predicted != classes) & (confidence >= MIN_PROBABILITY)).tolist():
        by_source[examples[place].source].append(
            Suspect(examples[place], CLASSES[classes[place]], CLASSES[predicted[place]], float(confidence[place]))
        )
    ranked = {source: sorted(found, key=lambda each: -each.probability)[:PER_SOURCE] for source, found in by_source.items()}
    return [suspect for source in sorted(ranked) for suspect in ranked[source]]


def _class_of(example: Example) -> int:
    is_plain_harm = example.label == Label.JAILBREAK and example.family == Family.HARMFUL_REQUEST
    return _PLAIN_HARM if is_plain_harm else int(example.label)


def fold_of(group: str, seed: int) -> int:
    """Which fold judges the rows of a group: all of a group are judged by a model that saw none of them."""
    return int(unit_interval(seed, "fold", group) * FOLDS)


def _probabilities(examples: Sequence[Example], classes: np.ndarray, seed: int, cache_dir: Path | None) -> np.ndarray:
    """(N, K) out-of-fold class probabilities."""
    file = None
    if cache_dir is not None:
        texts, groups = ([getattr(example, name) for example in examples] for name in ("text", "group"))
        file = cache_dir / content_name(CODE, texts, groups, classes.tolist(), [seed])
        kept = read_arrays(file)
        if kept is not None and set(kept) == {"probabilities"}:
            return kept["probabilities"]
    features = _features([example.text[:MAX_CHARS] for example in examples])
    folds = np.array([fold_of(example.group, seed) for example in examples])
    probabilities = np.zeros((len(examples), len(CLASSES)), dtype=np.float32)
    for fold in tqdm(range(FOLDS), desc="label noise: folds"):
        seen, judged = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if len(judged) == 0 or len(np.unique(classes[seen])) < 2:
            probabilities[judged, classes[judged]] = 1.0  # too few rows to contradict them
            continue
        # Balanced: attacks are few beside the benign rows, and would all be suspects otherwise.
        model = SGDClassifier(
            loss="log_loss", alpha=1e-4, average=True, max_iter=10, tol=None, class_weight="balanced", random_state=seed
        )
        model.fit(features[seen], classes[seen])
        probabilities[np.ix_(judged, model.classes_)] = model.predict_proba(features[judged])
    if file is not None:
        write_arrays(file, {"probabilities": probabilities})
    return probabilities


def _features(texts: Sequence[str]) -> sparse.csr_matrix:
    """(N, 2^19) hashed words and word pairs, and hashed runs of 2 to 4 characters inside words."""
    word = HashingVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", n_features=1 << 18, dtype=np.float32)  # noqa: S106
    char = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=1 << 18, dtype=np.float32)
    parts = []
    bar = tqdm(range(0, len(texts), TEXTS_PER_TASK), desc="label noise: n-grams", disable=len(texts) <= TEXTS_PER_TASK)
    for first in bar:
        part = texts[first : first + TEXTS_PER_TASK]
        parts.append(sparse.hstack([word.transform(part), char.transform(part)], format="csr"))
    return sparse.vstack(parts, format="csr")
