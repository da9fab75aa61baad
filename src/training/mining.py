"""Hard-negative mining: harmless windows that the model takes for attacks are trained on more often.

Shrivastava et al. 2016 (arXiv 1604.03540) mine inside a batch; here a pool of the training split is scored again at the
start of an epoch, since false alarms are rare and a batch seldom holds one. Only training windows are ever in the pool.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..config import TrainConfig
from ..data.loader import LengthBucketedBatches, TrainingWindows
from ..labels import Label
from ..models.dual_branch import TinyGuardrail

_POOL_STREAM = 1  # keeps the pool's generator apart from that of the epoch's order


def num_mined(windows: TrainingWindows, cfg: TrainConfig) -> int:
    """Number of windows that are mined in an epoch: the same in each, so that the length of a run is known beforehand."""
    pool = min(cfg.mining_pool, int((windows.labels == Label.BENIGN).sum()))
    return round(cfg.mining_share * pool)


def mining_pool(windows: TrainingWindows, size: int, seed: int, epoch: int) -> np.ndarray:
    """Indices of at most `size` benign windows, ascending. Another draw each epoch, a function of (seed, epoch) alone."""
    benign = np.flatnonzero(windows.labels == Label.BENIGN)
    rng = np.random.default_rng([seed, epoch, _POOL_STREAM])
    return np.sort(rng.choice(benign, size=min(size, len(benign)), replace=False))


@torch.inference_mode()
def attack_scores(
    model: TinyGuardrail, windows: TrainingWindows, window_ids: np.ndarray, batch_size: int, device: torch.device
) -> np.ndarray:
    """P(attack) (n,) of the windows at `window_ids` (n,): the larger of the two branches, since either may decide.

    Without dropout; draws nothing from any generator. The model is back in its own mode afterwards.
    """
    scores = np.empty(len(window_ids))
    was_training = model.training
    model.eval()
    try:
        for positions in LengthBucketedBatches(windows.lengths[window_ids], batch_size, seed=0).of_epoch(1):
            batch = windows.collate(window_ids[positions]).to(device)
            output = model(batch.input_ids, batch.attention_mask, batch.char_ids)
            worst = torch.maximum(_p_attack(output.fast_logits), _p_attack(output.deep_logits))
            scores[positions] = worst.cpu().numpy()
    finally:
        model.train(was_training)
    return scores


def hardest(scores: np.ndarray, count: int) -> np.ndarray:
    """Positions of the `count` largest scores; of equal ones the first."""
    return np.argsort(-scores, kind="stable")[:count]


def _p_attack(logits: Tensor) -> Tensor:
    return 1 - logits.float().softmax(dim=-1)[:, Label.BENIGN]
