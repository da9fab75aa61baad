"""The 16-bit verdict, as the exported graph computes it. Plain integers and numpy: no torch.

bit   15     14-13   12      11-8     7-0
      threat class   route   family   confidence
threat      1 = p_attack of the default policy is at or above its threshold; may disagree with the class bits
class       Label
route       1 = deep branch
family      Family; none only where neither threat nor class says attack
confidence  round(255 * largest class probability after temperature), halves to even
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .labels import NUM_FAMILIES, NUM_LABELS, Family, Label

THREAT_SHIFT = 15
LABEL_SHIFT = 13
ROUTE_SHIFT = 12
FAMILY_SHIFT = 8
CONFIDENCE_LEVELS = 255


@dataclass(frozen=True)
class ResponseCode:
    """The fields of one response code."""

    threat: bool
    label: Label
    route_deep: bool
    family: Family
    confidence: float  # in [0, 1], a multiple of 1/255 when unpacked


def pack_response(response: ResponseCode) -> int:
    """The code, in [0, 65535]. Raises ValueError for a value that has no bits."""
    limits = {"label": NUM_LABELS - 1, "family": NUM_FAMILIES - 1, "confidence": 1}
    for name, limit in limits.items():
        if not 0 <= getattr(response, name) <= limit:  # also refuses NaN
            raise ValueError(f"{name} must be in [0, {limit}], got {getattr(response, name)}")
    return (
        int(response.threat) << THREAT_SHIFT
        | int(response.label) << LABEL_SHIFT
        | int(response.route_deep) << ROUTE_SHIFT
        | int(response.family) << FAMILY_SHIFT
        | round(CONFIDENCE_LEVELS * response.confidence)
    )


def unpack_response(code: int) -> ResponseCode:
    """The inverse of `pack_response`. Raises ValueError for a code outside [0, 65535]."""
    if not 0 <= code <= 0xFFFF:
        raise ValueError(f"a response code is a 16-bit integer in [0, 65535], got {code}")
    return ResponseCode(
        threat=bool(code >> THREAT_SHIFT),
        label=Label(code >> LABEL_SHIFT & NUM_LABELS - 1),
        route_deep=bool(code >> ROUTE_SHIFT & 1),
        family=Family(code >> FAMILY_SHIFT & NUM_FAMILIES - 1),
        confidence=(code & CONFIDENCE_LEVELS) / CONFIDENCE_LEVELS,
    )


def pack_responses(
    *, threat: np.ndarray, label: np.ndarray, route_deep: np.ndarray, family: np.ndarray, confidence: np.ndarray
) -> np.ndarray:
    """Codes (N,) uint16 from threat and route_deep (N,) bool, label and family (N,) indices, confidence (N,).

    Raises ValueError as `pack_response`.
    """
    rows = zip(threat, label, route_deep, family, confidence, strict=True)
    return np.array([pack_response(ResponseCode(*row)) for row in rows], dtype=np.uint16)
