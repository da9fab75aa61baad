"""A Unigram tokenizer with fewer pieces, and the rows of the token table that stay.

Which pieces stay: the special tokens; every piece of one character, so that no text gains an `<unk>`; then the pieces in the
order of piece_ranking.npz until the size is reached. The ranking is a committed file, not a result of the build:
a ranking recomputed from a larger corpus would give checkpoints another vocabulary under the same name.

`rank_pieces` made it (scripts/rank_pieces.py): with count(l) the counts of a language l as shares, a language's weight its
number of tokens to a power, and p the shares that the tokenizer's own scores (log probabilities, Kudo 2018, arXiv
1804.10959) stand for, a piece is worth

    0.4 * counts weighted by tokens^0.7 + 0.2 * counts weighted by tokens^0.3 + 0.4 * p.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ConfigError
from ..text.tokenization import SPECIAL_TOKEN_SCORE

RANKING_PATH = Path(__file__).with_name("piece_ranking.npz")
SPECIAL_TOKENS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
MIN_VOCABULARY = 20_000
TEMPERED_COUNTS = ((0.4, 0.7), (0.2, 0.3))  # (share of the worth, power of a language's number of tokens)
PRIOR_SHARE = 0.4


def read_ranking() -> np.ndarray:
    """Ids of the full vocabulary, the highest worth first."""
    with np.load(RANKING_PATH, allow_pickle=False) as arrays:
        return np.asarray(arrays["pieces"]).astype(np.int64)


def rank_pieces(tokenizer: Mapping[str, Any], counts: Mapping[str, np.ndarray]) -> np.ndarray:
    """All ids of the full vocabulary in the order of their worth. counts: language -> tokens of each id (V,)."""
    scores = np.array([score for _, score in tokenizer["model"]["vocab"]], dtype=np.float64)
    prior = np.exp(scores)
    prior[[index for index, (piece, _) in enumerate(tokenizer["model"]["vocab"]) if piece in SPECIAL_TOKENS]] = 0.0
    worth = PRIOR_SHARE * prior / prior.sum()
    totals = {lang: float(count.sum()) for lang, count in counts.items()}
    for share, power in TEMPERED_COUNTS:
        weights = {lang: total**power for lang, total in totals.items() if total}
        for lang, weight in weights.items():
            worth = worth + share * weight / sum(weights.values()) * counts[lang] / totals[lang]
    return np.argsort(-worth, kind="stable")


def prune_tokenizer(
    tokenizer: Mapping[str, Any], ranking: Sequence[int] | np.ndarray, size: int
) -> tuple[dict[str, Any], np.ndarray]:
    """The tokenizer.json with `size` pieces, and their ids (size,) in the full vocabulary, ascending.

    Special tokens lose their score, the best of all, so that the model never finds them in a user's text.
    Raises ConfigError when the size is out of range.
    """
    vocabulary = tokenizer["model"]["vocab"]
    pieces = [piece for piece, _ in vocabulary]
    largest = min(len(pieces), len(ranking))
    if not MIN_VOCABULARY <= size <= largest:
        raise ConfigError(
            f"vocabulary size: expected {MIN_VOCABULARY:,} to {largest:,} pieces, found {size:,}; 60000 lengthens texts by 5%"
        )
    special = [index for index, piece in enumerate(pieces) if piece in SPECIAL_TOKENS]
    single = [index for index, piece in enumerate(pieces) if len(piece) == 1]
    selected = dict.fromkeys((*special, *single))
    for index in ranking:
        if len(selected) >= size:
            break
        selected.setdefault(int(index))
    old_ids = sorted(selected)
    new_ids = {old: new for new, old in enumerate(old_ids)}
    pruned = dict(tokenizer)
    pruned["model"] = dict(
        tokenizer["model"],
        vocab=[_demote_special(*vocabulary[index]) for index in old_ids],
        unk_id=new_ids[tokenizer["model"]["unk_id"]],
    )
    pruned["added_tokens"] = [dict(token, id=new_ids[token["id"]]) for token in tokenizer["added_tokens"]]
    post_processor = dict(tokenizer["post_processor"])
    post_processor["special_tokens"] = {
        name: dict(token, ids=[new_ids[index] for index in token["ids"]])
        for name, token in post_processor["special_tokens"].items()
    }
    pruned["post_processor"] = post_processor
    return pruned, np.array(old_ids)


def _demote_special(piece: str, score: float) -> list[str | float]:
    return [piece, SPECIAL_TOKEN_SCORE if piece in SPECIAL_TOKENS else score]
