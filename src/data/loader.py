"""Training rows as tensors: texts become windows once, and every epoch cuts them into batches of similar length.

The order of an epoch is a pure function of (seed, epoch), so a resumed run skips the batches that are done and sees the
rest as it would have. Shapes: B windows of a batch, T tokens, C characters per token, W windows of the training split.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

from ..errors import DataError
from ..labels import Family, Label
from ..text.tokenization import GuardTokenizer, Window
from .schema import Example

TEXTS_PER_CHUNK = 1024  # texts that are tokenised and packed at a time
PASS_STREAM = 1  # extra seed entry: the passes have another random stream than the epochs
BATCHES_PER_MEGABATCH = 64  # batches that are sorted by length together; more: less padding, less mixing


@dataclass(frozen=True)
class Batch:
    """The tensors of one training step."""

    input_ids: Tensor  # (B, T) int64
    attention_mask: Tensor  # (B, T) int64, 1 = real token
    char_ids: Tensor  # (B, T, C) int64
    labels: Tensor  # (B,) int64
    families: Tensor  # (B,) int64
    rows: Tensor  # (B,) int64, index of the example each window was cut from
    teacher_logits: Tensor | None = None  # (B,) float32, log-odds of an attack by the teachers; None = no teacher

    def to(self, device: torch.device | str) -> Self:
        """A copy on `device`; copies to a GPU are asynchronous, from pinned memory."""
        is_cuda = torch.device(device).type == "cuda"

        def move(value: Any) -> Any:
            if value is None:
                return None
            return (value.pin_memory() if is_cuda and value.device.type == "cpu" else value).to(device, non_blocking=True)

        return type(self)(*(move(getattr(self, item.name)) for item in fields(self)))


@dataclass(frozen=True)
class Replacement:
    """A window that replaces a stored one in a single batch, with its label and family."""

    window: Window
    label: Label
    family: Family


@dataclass(frozen=True)
class TrainingWindows:
    """All windows of a split in a few flat arrays: no Python object per window or token."""

    token_ids: np.ndarray  # (all tokens,) int32
    char_ids: np.ndarray  # (all tokens, C) int16
    offsets: np.ndarray  # (W + 1,) int64, window i is [offsets[i], offsets[i + 1])
    labels: np.ndarray  # (W,) int64
    families: np.ndarray  # (W,) int64
    rows: np.ndarray  # (W,) int64
    bounds: np.ndarray  # (W, 2) int64, characters [start, end) of the example's text
    pad_id: int
    examples: Sequence[Example]  # the examples that `rows` indexes
    teacher_logits: np.ndarray | None = None  # (W,) float32, see src/training/distillation.py; None = no teacher

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def lengths(self) -> np.ndarray:
        """(W,) tokens of each window, [CLS] and [SEP] included."""
        return np.diff(self.offsets)

    def collate(self, indices: np.ndarray, replaced: Mapping[int, Replacement] = {}) -> Batch:
        """The windows at `indices` (B,), padded to the longest of them; `replaced`: index in the batch -> replacement."""
        starts, lengths = self.offsets[indices], self.lengths[indices]
        labels, families = self.labels[indices], self.families[indices]
        for place, new in replaced.items():
            lengths[place], labels[place], families[place] = len(new.window.input_ids), new.label, new.family
        B, T = len(indices), int(lengths.max())
        mask = np.arange(T) < lengths[:, None]  # (B, T)
        stored = mask.copy()
        stored[list(replaced)] = False
        source = (starts[:, None] + np.arange(T))[stored]
        input_ids = np.full((B, T), self.pad_id, dtype=np.int64)
        char_ids = np.zeros((B, T, self.char_ids.shape[1]), dtype=np.int64)
        input_ids[stored], char_ids[stored] = self.token_ids[source], self.char_ids[source]
        for place, new in replaced.items():
            input_ids[place, : lengths[place]], char_ids[place, : lengths[place]] = new.window.input_ids, new.window.char_ids
        teacher = None if self.teacher_logits is None else torch.from_numpy(self.teacher_logits[indices])
        return Batch(
            input_ids=torch.from_numpy(input_ids),
            attention_mask=torch.from_numpy(mask.astype(np.int64)),
            char_ids=torch.from_numpy(char_ids),
            labels=torch.from_numpy(labels),
            families=torch.from_numpy(families),
            rows=torch.from_numpy(self.rows[indices]),
            teacher_logits=teacher,
        )

    def fingerprint(self) -> str:
        """Hash of the training windows. A saved loader position is valid for the same hash only."""
        digest = hashlib.blake2b(digest_size=16)
        arrays = [self.token_ids, self.char_ids, self.offsets, self.labels, self.families]
        if self.teacher_logits is not None:
            arrays.append(self.teacher_logits)
        for array in arrays:
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def windows_of(examples: Sequence[Example], tokenizer: GuardTokenizer, max_windows_per_text: int, seed: int) -> TrainingWindows:
    """Tokenise the training rows.

    A long text gives several windows, of which at most `max_windows_per_text` are kept (chosen by `seed`; 0 = all).
    All carry the text's label, except where the attack's place is known (`Example.span`): then windows without a good
    part of the attack are BENIGN, and one with it is always kept. Raises DataError for no rows or an impossible span.
    """
    if not examples:
        raise DataError("expected training rows, found none; check data.source, data.mixture and the row limits")
    packed: list[tuple[np.ndarray, np.ndarray]] = []
    lengths: list[int] = []
    targets: list[tuple[int, int, int, int, int]] = []  # label, family, row, start, end
    for first in range(0, len(examples), TEXTS_PER_CHUNK):
        chunk = examples[first : first + TEXTS_PER_CHUNK]
        by_text: list[list[Window]] = [[] for _ in chunk]
        for window in tokenizer.windows([example.text for example in chunk]):
            by_text[window.text_index].append(window)
        chunk_windows: list[Window] = []
        for position, (example, windows) in enumerate(zip(chunk, by_text, strict=True)):
            row = first + position
            attacked = _holds_attack(example, windows, row)
            for index in _choose_windows(attacked, max_windows_per_text, seed, row):
                chunk_windows.append(windows[index])
                label, family = (example.label, example.family) if attacked[index] else (Label.BENIGN, Family.NONE)
                targets.append((int(label), int(family), row, windows[index].start, windows[index].end))
        lengths.extend(len(window.input_ids) for window in chunk_windows)
        packed.append((np.concatenate([w.input_ids for w in chunk_windows]), np.concatenate([w.char_ids for w in chunk_windows])))
    labels, families, rows, starts, ends = np.array(targets, dtype=np.int64).T
    return TrainingWindows(
        token_ids=np.concatenate([ids for ids, _ in packed]),
        char_ids=np.concatenate([chars for _, chars in packed]),
        offsets=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
        labels=np.ascontiguousarray(labels),
        families=np.ascontiguousarray(families),
        rows=np.ascontiguousarray(rows),
        bounds=np.stack([starts, ends], axis=1),
        pad_id=tokenizer.pad_id,
        examples=examples,
    )


def _holds_attack(example: Example, windows: Sequence[Window], row: int) -> np.ndarray:
    """(windows,) bool: which windows carry the example's own label.

    With a span: those that hold at least half of its characters, or that it fills at least half of. Windows overlap
    and cover the text, so there is always one.
    """
    if example.span is None:
        return np.ones(len(windows), dtype=bool)
    start, end = example.span
    if not 0 <= start < end <= len(example.text):
        raise DataError(
            f"row {row} of source {example.source!r}: expected a span inside its {len(example.text)} characters, "
            f"found {example.span}; correct the generator or file that made it"
        )
    starts = np.array([window.start for window in windows])
    ends = np.array([window.end for window in windows])
    shared = np.minimum(ends, end) - np.maximum(starts, start)
    attacked = (2 * shared >= end - start) | (2 * shared >= np.maximum(ends - starts, 1))
    attacked[shared.argmax()] = True
    return attacked


def _choose_windows(attacked: np.ndarray, limit: int, seed: int, row: int) -> Sequence[int]:
    """Indices of the windows to keep, ascending. Each row has its own generator: other rows never change its choice."""
    count = len(attacked)
    if limit <= 0 or count <= limit:
        return range(count)
    rng = np.random.default_rng([seed, row])
    first = rng.choice(np.flatnonzero(attacked))
    others = rng.choice(np.delete(np.arange(count), first), size=limit - 1, replace=False)
    return sorted([int(first), *map(int, others)])


class LengthBucketedBatches:
    """Batches of windows of similar length, in an order that only `seed` and the epoch decide.

    An epoch is shuffled, cut into megabatches, sorted by length inside each, cut into batches, and the batches are
    shuffled. Every window occurs exactly once, plus once for each time that it is listed in `extra`. With `per_epoch`
    below the number of windows an epoch takes the next `per_epoch` windows of a pass: none repeats before all have occurred.
    """

    def __init__(self, lengths: np.ndarray, batch_size: int, seed: int, per_epoch: int = 0) -> None:
        """lengths (N,) in tokens; per_epoch: windows of an epoch, 0 = all."""
        if batch_size < 1 or len(lengths) == 0:
            raise ValueError(f"expected windows and a batch size of at least 1, got {len(lengths)} and {batch_size}")
        self._lengths, self._batch_size, self._seed = lengths, batch_size, seed
        self._per_epoch = min(per_epoch or len(lengths), len(lengths))

    def __len__(self) -> int:
        """Batches of an epoch without extras."""
        return self.count()

    def count(self, num_extra: int = 0) -> int:
        """Batches of an epoch with `num_extra` extra windows."""
        return math.ceil((self._per_epoch + num_extra) / self._batch_size)

    def of_epoch(self, epoch: int, extra: Sequence[int] = ()) -> list[np.ndarray]:
        """Window indices (B,) of each batch. `epoch` is 1-based; `extra`: windows that occur once more each."""
        rng = np.random.default_rng([self._seed, epoch])
        indices = np.concatenate([self._draw_windows(epoch), np.array(extra, dtype=np.int64)])
        order = indices[rng.permutation(len(indices))]
        size = BATCHES_PER_MEGABATCH * self._batch_size
        for start in range(0, len(order), size):
            mega = order[start : start + size]
            order[start : start + size] = mega[np.argsort(self._lengths[mega], kind="stable")]
        batches = [order[i : i + self._batch_size] for i in range(0, len(order), self._batch_size)]
        rng.shuffle(batches)
        return batches

    def _draw_windows(self, epoch: int) -> np.ndarray:
        """The windows of an epoch: all of them, or a slice of the passes laid end to end, each pass in an order of its own."""
        count = len(self._lengths)
        if self._per_epoch == count:
            return np.arange(count)
        start = (epoch - 1) * self._per_epoch
        first, last = start // count, (start + self._per_epoch - 1) // count
        passes = [np.random.default_rng([self._seed, PASS_STREAM, index]).permutation(count) for index in range(first, last + 1)]
        return np.concatenate(passes)[start - first * count :][: self._per_epoch]

    @property
    def padding_share(self) -> float:
        """Share of the positions of the first epoch that is padding."""
        batches = self.of_epoch(1)
        positions = sum(len(batch) * int(self._lengths[batch].max()) for batch in batches)
        return 1 - sum(int(self._lengths[batch].sum()) for batch in batches) / positions


def share_of_rank(group: Sequence[np.ndarray], rank: int, num_ranks: int) -> tuple[Sequence[np.ndarray], float]:
    """The batches of one process in a step, and the factor on the loss of each.

    group: all batches of the step. With these factors the mean of the processes' gradients is the gradient of the mean
    loss over the group, however the batches fall. A process without a batch takes the first one with factor 0: it
    must take part in the gradient all-reduce, but no window may count twice.
    """
    mine = group[rank::num_ranks]
    return (mine, num_ranks / len(group)) if mine else (group[:1], 0.0)
