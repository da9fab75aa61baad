"""The five classes that baselines learn: the four labels and plain harmful requests.

Without the fifth, one score would mix harmful requests and attacks on instructions; with it, `src.policy.p_attack`
gives both policies. N = texts, W = windows (W >= N).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...labels import NUM_FAMILIES, NUM_LABELS, Family, Label
from ...runtime.scores import WindowScores
from ..predictor import Predictions

PLAIN_HARM = NUM_LABELS
NUM_CLASSES = NUM_LABELS + 1


def five_classes(labels: np.ndarray, families: np.ndarray) -> np.ndarray:
    """labels, families (N,) int -> classes (N,) int64."""
    plain_harm = (labels == Label.JAILBREAK) & (families == Family.HARMFUL_REQUEST)
    return np.where(plain_harm, PLAIN_HARM, labels).astype(np.int64)


def split_five_classes(five_probs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, 5) -> class_probs (N, 4) and family_probs (N, 16).

    P(harmful_request) is conditional on the class being JAILBREAK, which is how the policy `override` reads it.
    """
    class_probs = five_probs[:, :NUM_LABELS].copy()
    class_probs[:, Label.JAILBREAK] += five_probs[:, PLAIN_HARM]
    jailbreak = class_probs[:, Label.JAILBREAK]
    harm = np.divide(five_probs[:, PLAIN_HARM], jailbreak, out=np.zeros(len(five_probs)), where=jailbreak > 0)
    family_probs = np.zeros((len(five_probs), NUM_FAMILIES))
    family_probs[:, Family.HARMFUL_REQUEST] = harm
    family_probs[:, Family.UNKNOWN] = 1.0 - harm  # baselines distinguish no other family
    return class_probs, family_probs


def maximum_over_windows(
    class_probs: np.ndarray, family_probs: np.ndarray, text_index: Sequence[int] | np.ndarray, tokens: Sequence[int] | np.ndarray
) -> Predictions:
    """Predictions about N texts: the maximum over their windows, by the guard's own rule. No views, no router.

    class_probs (W, 4), family_probs (W, 16), text_index (W,) ascending with every text at least once, tokens (W,).
    """
    W = len(class_probs)
    with np.errstate(divide="ignore"):  # log(0) = -inf is the logit of probability 0
        logits, family_logits = np.log(class_probs), np.log(family_probs)
    return WindowScores(
        text_index=np.asarray(text_index, dtype=int),
        tokens=np.asarray(tokens, dtype=int),
        logits=logits,
        family_logits=family_logits,
        p_deep=np.full(W, np.nan),
        is_deep=np.zeros(W, dtype=bool),
        view_index=np.full(W, -1),
        view_family=np.full(W, int(Family.NONE)),
    ).verdicts(temperature=1.0)
