"""From rows to the batches of a step: the windows of a run, and the batches of each process, which are made ahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..config import Config
from ..data.loader import Batch, TrainingWindows, share_of_rank, windows_of
from ..data.schema import Example
from ..errors import DataError
from ..labels import NUM_LABELS, Label
from ..text.tokenization import GuardTokenizer
from .augmentation import Augmenter


def training_windows(cfg: Config, train: Sequence[Example] | TrainingWindows, tokenizer: GuardTokenizer) -> TrainingWindows:
    """The windows that are trained on. Raises DataError without benign ones or without attacks."""
    if not isinstance(train, TrainingWindows):
        train = windows_of(train, tokenizer, cfg.data.max_windows_per_text, cfg.run.seed)
    _check_classes(label_counts(train))
    return train


def label_counts(windows: TrainingWindows) -> np.ndarray:
    """(4,) windows of each class."""
    return np.bincount(windows.labels, minlength=NUM_LABELS)


def _check_classes(counts: np.ndarray) -> None:
    """counts (4,): training windows of each class. Raises DataError when benign ones or attacks are missing altogether."""
    benign, attacks = int(counts[Label.BENIGN]), int(counts.sum() - counts[Label.BENIGN])
    if not benign or not attacks:
        raise DataError(
            f"expected benign training windows and attacks, found {benign:,} and {attacks:,}; check the labels of data.source "
            "and the row limits, or add rows by data.mixture"
        )


def build_augmenter(cfg: Config, windows: TrainingWindows, tokenizer: GuardTokenizer) -> Augmenter | None:
    """The augmenter of the configuration, None without one. Raises ConfigError when no transform is left."""
    if not cfg.train.augment_share:
        return None
    return Augmenter(
        windows,
        tokenizer,
        share=cfg.train.augment_share,
        transform_share=cfg.train.augment_transform_share,
        seed=cfg.run.seed,
        left_out=cfg.data.left_out,
    )


@dataclass(frozen=True)
class PreparedBatch:
    """A batch on its device, as it is trained on in this epoch."""

    batch: Batch
    # Positions (A,) of the augmented windows in the batch, and these windows unaugmented; None: there is nothing to compare.
    originals: tuple[Tensor, Batch] | None


@dataclass(frozen=True)
class PreparedStep:
    """One process' part of an optimiser step."""

    batches: list[PreparedBatch]
    factor: float  # multiplies the loss of each batch; 0 where the process has none of its own, see `share_of_rank`


class StepBatches:
    """Makes the batches of steps, each while the step before runs."""

    def __init__(
        self,
        windows: TrainingWindows,
        augmenter: Augmenter | None,
        device: torch.device,
        *,
        keep_originals: bool,
        rank: int,
        num_processes: int,
    ) -> None:
        """keep_originals: whether augmented windows are compared to their originals."""
        self._windows, self._augmenter, self._device = windows, augmenter, device
        self._keep_originals, self._rank, self._num_processes = keep_originals, rank, num_processes
        self._ahead: dict[int, Future[PreparedStep]] = {}  # by id of the group of batches

    @contextmanager
    def in_background(self) -> Iterator[ThreadPoolExecutor]:
        """The thread for `make_ahead`. Batches that an interrupted epoch left are dropped."""
        self._ahead.clear()
        with ThreadPoolExecutor(1) as pool:
            yield pool

    def make_ahead(self, pool: ThreadPoolExecutor, group: Sequence[np.ndarray], epoch: int) -> None:
        """Start to make the batches of a later step; `take` returns them."""
        self._ahead[id(group)] = pool.submit(self.make, group, epoch)

    def take(self, group: Sequence[np.ndarray], epoch: int) -> PreparedStep:
        """The batches of this step, made now where they were not made ahead."""
        future = self._ahead.pop(id(group), None)
        return self.make(group, epoch) if future is None else future.result()

    def make(self, group: Sequence[np.ndarray], epoch: int) -> PreparedStep:
        """group: window ids (B,) of each batch of the step, of all processes."""
        batches, factor = share_of_rank(group, self._rank, self._num_processes)
        return PreparedStep([self._make_batch(window_ids, epoch) for window_ids in batches], factor)

    def _make_batch(self, window_ids: np.ndarray, epoch: int) -> PreparedBatch:
        replacements = {} if self._augmenter is None else self._augmenter.of_batch(window_ids, epoch)
        batch, originals = self._windows.collate(window_ids, replacements).to(self._device), None
        if replacements and self._keep_originals:
            positions = np.array(list(replacements))
            clean = self._windows.collate(window_ids[positions]).to(self._device)
            originals = (torch.from_numpy(positions).to(self._device), clean)
        return PreparedBatch(batch, originals)
