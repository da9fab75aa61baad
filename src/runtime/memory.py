"""Refused texts of one client, and whether its next text is one of them in another form.

An attacker whose text is refused changes it until a version passes: a few queries are enough, with scores or without. Each
version still carries most of the payload, so whoever remembers the refused texts recognises it whatever the guard thinks of it.
For images this is stateful detection (Chen, Carlini and Wagner 2019, arXiv:1907.05587; Blacklight, Li et al. 2022,
arXiv:2006.14042).

    memory = AttackMemory()  # one for each client
    verdict = guard(text)
    if verdict.threat or memory.recognises(text):
        memory.remember(text)
        ...  # refuse the text

Texts are compared by their sequences of GRAM_CHARS letters and digits, in all readings of the text (src/text/views.py).
"""

from __future__ import annotations

import threading
import unicodedata
from typing import NamedTuple

import numpy as np

from ..text.chars import code_points_of
from ..text.views import PIECE_CHARS, views_of

GRAM_CHARS = 4
MIN_GRAMS = 20  # of a text that is remembered: shorter ones are parts of much that is harmless
MAX_GRAMS = 4_000  # of a text that is remembered, from its beginning
DENSE_GRAMS = 32  # length of a stretch of a text ...
DENSE_SHARE = 0.35  # ... and the share of known sequences from which it counts: chance hits in long texts are sparse
MIN_CONTAINMENT = 0.5
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class _Refused(NamedTuple):
    """Fingerprints of refused texts, which are sets of sequences."""

    sizes: np.ndarray  # (F,) sequences of each fingerprint
    grams: np.ndarray  # (U,) uint64, sorted: all sequences of all fingerprints
    has_gram: np.ndarray  # (F, U) bool: which fingerprint has which


class AttackMemory:
    """The last `max_texts` refused texts of one client, each reading counted. Several threads may use it."""

    def __init__(self, *, max_texts: int = 32, min_containment: float = MIN_CONTAINMENT) -> None:
        """min_containment: share of a refused text, in (0, 1], that another text must contain to be recognised."""
        if max_texts < 1 or not 0 < min_containment <= 1:
            raise ValueError(
                f"expected max_texts of 1 or more and min_containment in (0, 1], got {max_texts} and {min_containment}"
            )
        self._max_texts, self._min_containment = max_texts, min_containment
        self._fingerprints: list[np.ndarray] = []
        self._refused: _Refused | None = None  # replaced as a whole, so that readers need no lock
        self._lock = threading.Lock()

    def remember(self, text: str) -> None:
        """Add a refused text in all its readings, of a long text as it is written only; the oldest ones are forgotten."""
        readings = _readings(text) if len(text) <= PIECE_CHARS else [_grams(text)]  # views of a long text are of parts of it
        fingerprints = [np.unique(grams[:MAX_GRAMS]) for grams in readings]
        with self._lock:
            self._fingerprints += [each for each in fingerprints if len(each) >= MIN_GRAMS]
            del self._fingerprints[: -self._max_texts]
            if self._fingerprints:
                grams = np.unique(np.concatenate(self._fingerprints))
                has_gram = np.stack([np.isin(grams, each, assume_unique=True) for each in self._fingerprints])
                self._refused = _Refused(has_gram.sum(axis=1), grams, has_gram)

    def recognises(self, text: str) -> bool:
        """Whether the text contains enough of a text that was refused."""
        return self.containment(text) >= self._min_containment

    def containment(self, text: str) -> float:
        """The largest share of a refused text that the text contains, in [0, 1]; 0 where nothing was refused."""
        refused = self._refused
        return 0.0 if refused is None else max(_containment(refused, grams) for grams in _readings(text))


def _readings(text: str) -> list[np.ndarray]:
    """The hashed sequences of the text as it is written and of each of its views."""
    return [_grams(each) for each in (text, *(view.text for view in views_of(text)))]


def _grams(text: str) -> np.ndarray:
    """(G,) uint64: each sequence of GRAM_CHARS letters and digits, without case and whatever stands between them."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    chars = code_points_of("".join(filter(str.isalnum, folded))).astype(np.uint64)
    grams = np.zeros(max(0, len(chars) - GRAM_CHARS + 1), dtype=np.uint64)
    for place in range(GRAM_CHARS):
        grams = grams * _FACTOR + chars[place : place + len(grams)]
    return grams


def _containment(refused: _Refused, grams: np.ndarray) -> float:
    """The largest share of a fingerprint that occurs in `grams` (G,) where its sequences stand close together."""
    if not len(grams):
        return 0.0
    places = np.minimum(np.searchsorted(refused.grams, grams), len(refused.grams) - 1)
    is_known = refused.grams[places] == grams
    best = 0.0
    for size, has_gram in zip(refused.sizes, refused.has_gram, strict=True):
        is_in = is_known & has_gram[places]
        if is_in.sum() > best * size:
            best = max(best, len(np.unique(places[is_in & _is_dense(is_in)])) / size)
    return best


def _is_dense(is_in: np.ndarray) -> np.ndarray:
    """(G,) bool -> (G,) bool: the places in a stretch of DENSE_GRAMS of which at least DENSE_SHARE are true."""
    span = min(DENSE_GRAMS, len(is_in))
    before = np.concatenate([[0], np.cumsum(is_in)])
    starts = before[span:] - before[:-span] >= DENSE_SHARE * span  # (G - span + 1,): of each stretch
    edges = np.zeros(len(is_in) + 1, dtype=np.int64)
    edges[: len(starts)] += starts
    edges[span : span + len(starts)] -= starts
    return np.cumsum(edges[:-1]) > 0
