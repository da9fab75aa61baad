"""The routing decision of the exported graph.

Shapes: B prompts, T tokens, C characters per token, D model width, K kinds of characters.
"""

from __future__ import annotations

import numpy as np

from ..labels import Label
from ..models.router import Router
from ..models.surface import SurfaceFeatures
from .graph import Graph
from .layers import maximum, mean, mean_weights
from .products import array_of, dense


def router_logits(g: Graph, router: Router, hidden: str, real: str, chars: str) -> str:
    """Router logits (B,) from hidden (B, T, D), the mask (B, T) and char_ids (B, T, C)."""
    features = [mean(g, hidden, mean_weights(g, real)), maximum(g, hidden, real)]
    if router.surface is not None:
        features.append(_surface_features(g, router.surface, real, chars))
    scores = dense(g, g.op("Concat", *features, axis=1), router.hidden)
    return g.op("Squeeze", dense(g, g.op("Gelu", scores), router.out), g.ints(1))


def attack_log_odds(g: Graph, answers: str) -> str:
    """log P(attack) - log P(BENIGN) (B,) of the class logits among `answers` (B, 4 + 16)."""
    benign = g.op("Gather", answers, g.constant(int(Label.BENIGN), np.int64), axis=1)
    attacks = g.op("Gather", answers, g.ints(*(label for label in Label if label != Label.BENIGN)), axis=1)
    return g.op("Sub", g.op("ReduceLogSumExp", attacks, g.ints(1), keepdims=0), benign)


def _surface_features(g: Graph, surface: SurfaceFeatures, real: str, chars: str) -> str:
    """Surface features (B, K + 1) from the mask (B, T) and char_ids (B, T, C)."""
    # One count per kind and one of all characters, as a single sum: padding has a row of zeros.
    table = np.concatenate([array_of(surface.table), np.arange(len(surface.table))[:, None] > 0], axis=1)
    counts = g.op("ReduceSum", g.op("Gather", g.weight(table.astype(np.float32)), chars), g.ints(1, 2), keepdims=0)
    kinds = g.op("Slice", counts, g.ints(0), g.ints(-1), g.ints(1))
    characters = g.op("Slice", counts, g.ints(-1), g.ints(table.shape[1]), g.ints(1))
    tokens = g.op("ReduceSum", real, g.ints(1), keepdims=1)
    kind_shares = g.op("Div", kinds, g.op("Max", characters, g.constant(1, np.float32)))
    token_share = g.op("Div", tokens, g.op("Add", tokens, characters))
    return g.op("Sqrt", g.op("Concat", kind_shares, token_share, axis=1))
