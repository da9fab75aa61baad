"""The two detection policies and the one definition of `p_attack`. Torch-free.

`override` counts attempts to override instructions: injections, jailbreak framings and obfuscated attacks.
`full` counts plain harmful requests as well. Mixing the two under one score ruins the false-alarm rate,
so each policy has its own threshold.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from .labels import Family, Label

Policy = Literal["override", "full"]
POLICIES: tuple[Policy, ...] = ("override", "full")
DEFAULT_POLICY: Policy = "override"
# Policy for documents, which a model reads but which are not requests: system messages, tool results, retrieved pages. News and
# manuals may speak of harm; only attempts to override instructions count.
DOCUMENT_POLICY: Policy = "override"


def p_attack(class_probs: np.ndarray, family_probs: np.ndarray, policy: Policy) -> np.ndarray:
    """Probability of an attack under a policy.

    class_probs (..., 4) and family_probs (..., 16) are softmax outputs -> (...).
    full = 1 - P(BENIGN); override = P(DIRECT_INJECTION) + P(OBFUSCATION) + P(JAILBREAK) * (1 - P(harmful_request)).
    """
    if policy == "full":
        return 1.0 - class_probs[..., Label.BENIGN]
    if policy == "override":
        framing = 1.0 - family_probs[..., Family.HARMFUL_REQUEST]
        return (
            class_probs[..., Label.DIRECT_INJECTION]
            + class_probs[..., Label.OBFUSCATION]
            + class_probs[..., Label.JAILBREAK] * framing
        )
    raise ValueError(f"unknown policy {policy!r}; expected one of {POLICIES}")


def family_of(is_attack: np.ndarray | bool, family_probs: np.ndarray) -> np.ndarray:
    """The reported family: is_attack (...) bool, family_probs (..., 16) -> (...) int.

    The most probable family other than NONE where the text is an attack (by its class or by its score), NONE elsewhere.
    """
    best = family_probs[..., Family.NONE + 1 :].argmax(axis=-1) + Family.NONE + 1
    return np.where(is_attack, best, int(Family.NONE))


def as_obfuscation(class_probs: np.ndarray) -> np.ndarray:
    """Class probabilities of a decoded view -> class probabilities of the text that hides it, (..., 4) -> (..., 4).

    To hide a harmful request or an injection is itself an obfuscation attack under either policy, so the probabilities of all
    attack classes are moved to OBFUSCATION. P(BENIGN) does not change.
    """
    obfuscated = np.zeros_like(class_probs)
    obfuscated[..., Label.BENIGN] = class_probs[..., Label.BENIGN]
    obfuscated[..., Label.OBFUSCATION] = 1.0 - class_probs[..., Label.BENIGN]
    return obfuscated


def is_counted(labels: np.ndarray, families: np.ndarray, policy: Policy) -> np.ndarray:
    """Which rows count for recall and FPR under `policy`: labels and families (N,) -> bool (N,).

    Plain harmful requests are neither attack nor benign under `override`, so they are left out there.
    """
    plain_harm = (labels == Label.JAILBREAK) & (families == Family.HARMFUL_REQUEST)
    return ~plain_harm if policy == "override" else np.ones(labels.shape, dtype=bool)
