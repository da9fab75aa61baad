"""Computes the scores of a text from those of its windows, in the same way for serving and evaluation.

The network reads the raw text, its segments and each of its decoded views. The scores are the maximum over all windows that
are read (src/runtime/plan.py), so that neither padding nor a notation hides an attack.
N = texts, W = windows (W >= N), B = windows of a batch, K = 4 classes, F = 16 families.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np

from ..errors import GuardrailError
from ..labels import NUM_FAMILIES, NUM_LABELS, Label
from ..policy import POLICIES, Policy, as_obfuscation, p_attack
from ..progress import ProgressBar, with_progress
from ..text.tokenization import Encoding, GuardTokenizer, Window
from .plan import SEGMENT, Plan

# One batch -> logits (B, 4), family_logits (B, 16), p_deep (B,), is_deep (B,).
Outputs = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
RunBatch = Callable[[Encoding], Outputs]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Over the last axis, in float64."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


@dataclass(frozen=True, kw_only=True)
class TextScores:
    """The scores of N texts."""

    class_probs: np.ndarray  # (N, 4) of the window with the largest 1 - P(BENIGN)
    family_probs: np.ndarray  # (N, 16) of the same window
    p_attack: dict[Policy, np.ndarray]  # (N,) float64, maximum over the windows
    p_deep: np.ndarray  # (N,) maximum over the windows; NaN without a router
    is_deep: np.ndarray  # (N,) bool, any window took the deep branch
    num_windows: np.ndarray  # (N,) int, windows of segments and views included
    tokens: np.ndarray  # (N,) int, over all windows
    num_views: np.ndarray  # (N,) int, scored decoded views

    def __len__(self) -> int:
        return len(self.num_windows)

    def check(self, num_texts: int, name: str) -> None:
        """Raise GuardrailError unless every array has N rows and every score is a probability."""
        arrays = dict(vars(self))
        attack = arrays.pop("p_attack")
        arrays |= {f"p_attack[{policy}]": attack[policy] for policy in POLICIES}
        columns = {"class_probs": (NUM_LABELS,), "family_probs": (NUM_FAMILIES,)}
        for key, array in arrays.items():
            expected = (num_texts, *columns.get(key, ()))
            if array.shape != expected:
                raise GuardrailError(f"{name}: expected {key} of shape {expected}, found {array.shape}")
            if key in ("is_deep", "num_windows", "tokens", "num_views"):
                continue  # not probabilities
            bad = ~((array >= -1e-6) & (array <= 1 + 1e-6))  # also true for NaN
            if key == "p_deep":
                bad &= ~np.isnan(array)
            if bad.any():
                rows = sorted({int(row) for row in np.argwhere(bad)[:, 0]})
                raise GuardrailError(
                    f"{name}: expected {key} in [0, 1], found other values or NaN in {len(rows)} of {num_texts} texts "
                    f"(first: text {rows[0]}); the weights are damaged or the training diverged"
                )


@dataclass(frozen=True, kw_only=True)
class WindowScores:
    """The network's outputs for W windows of N texts, before temperature and before the maximum."""

    text_index: np.ndarray  # (W,) int, ascending, every text at least once: its windows, then those of its segments and views
    tokens: np.ndarray  # (W,) int, [CLS] and [SEP] included
    logits: np.ndarray  # (W, 4) of the branch that ran
    family_logits: np.ndarray  # (W, 16)
    p_deep: np.ndarray  # (W,)
    is_deep: np.ndarray  # (W,) bool
    view_index: np.ndarray  # (W,) int, TEXT: the text itself, SEGMENT: a part of it alone, else its 1st, 2nd, ... view
    view_family: np.ndarray  # (W,) int, the Family that the view's notation belongs to; NONE for the text itself

    def probabilities(
        self, temperature: float, window_penalty: float = 0.0, num_windows: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Class (W, 4) and family (W, 16) probabilities of each window; attacks in a view count as obfuscation.

        The maximum over more windows is higher by chance, so the log-odds of an attack are lowered by `window_penalty` *
        log(number of windows): 0 changes nothing, 1 is Bonferroni's correction. Windows of a view are counted separately from
        those of the text, which may be a page of Base64, and those of all segments together. num_windows (W,) gives these
        counts if some windows are absent here.
        """
        logits = self.logits.astype(np.float64) / temperature
        if window_penalty and len(logits) > 1:
            count = self._count_windows() if num_windows is None else num_windows
            logits[:, Label.BENIGN] += window_penalty * np.log(count)
        class_probs = softmax(logits)
        family_probs = softmax(self.family_logits)
        is_view = self.view_index >= 0
        if is_view.any():  # ordinary text has no views
            class_probs[is_view] = as_obfuscation(class_probs[is_view])
            family_probs[is_view] = np.eye(NUM_FAMILIES)[self.view_family[is_view]]
        return class_probs, family_probs

    def verdicts(self, temperature: float, window_penalty: float = 0.0) -> TextScores:
        """The scores of each text: `probabilities`, then the maximum over all windows of its readings."""
        class_probs, family_probs = self.probabilities(temperature, window_penalty)
        attack = {policy: p_attack(class_probs, family_probs, policy) for policy in POLICIES}
        first, p_deep = self._first_windows(), self.p_deep.astype(np.float64)
        if len(first) == len(self.text_index):  # fast path for the usual case: one window per text
            return TextScores(
                class_probs=class_probs,
                family_probs=family_probs,
                p_attack=attack,
                p_deep=p_deep,
                is_deep=self.is_deep,
                num_windows=np.ones(len(first), dtype=np.intp),
                tokens=self.tokens,
                num_views=np.zeros(len(first), dtype=np.intp),
            )
        worst = self.worst_windows(class_probs[:, Label.BENIGN])
        return TextScores(
            class_probs=class_probs[worst],
            family_probs=family_probs[worst],
            p_attack={policy: np.maximum.reduceat(p, first) for policy, p in attack.items()},
            p_deep=np.maximum.reduceat(p_deep, first),
            is_deep=np.logical_or.reduceat(self.is_deep, first),
            num_windows=np.bincount(self.text_index),
            tokens=np.add.reduceat(self.tokens, first),
            num_views=np.maximum.reduceat(self.view_index, first) + 1,
        )

    def _count_windows(self) -> np.ndarray:
        """(W,) the number of windows of each window's reading; all segments of a text are one."""
        kinds = self.view_index.max() - SEGMENT + 1
        key = self.text_index * kinds + self.view_index - SEGMENT
        _, reading_of, counts = np.unique(key, return_inverse=True, return_counts=True)
        return counts[reading_of]

    def _first_windows(self) -> np.ndarray:
        """(N,) index of each text's first window."""
        is_first = np.ones(len(self.text_index), dtype=bool)
        np.not_equal(self.text_index[1:], self.text_index[:-1], out=is_first[1:])
        return is_first.nonzero()[0]

    def worst_windows(self, p_benign: np.ndarray) -> np.ndarray:
        """(N,) index of each text's window with the smallest P(BENIGN)."""
        by_text_then_threat = np.lexsort((p_benign, self.text_index))
        return by_text_then_threat[self._first_windows()]


def score_plan(
    plan: Plan,
    tokenizer: GuardTokenizer,
    run: RunBatch,
    *,
    batch_size: int,
    name: str,
    desc: str | None = None,
    deadline: float | None = None,
) -> tuple[WindowScores, np.ndarray]:
    """Run the network on the windows to read. Returns its outputs in text order, and was_read (W,) bool, which marks them.

    `desc` titles a progress bar. `deadline`, on the clock of time.perf_counter(), is for batches of one: after the first window,
    none is begun that would end after the deadline if it took as long as the slowest window so far.
    A text is doubtful if P(BENIGN) of any window but a second look is below 0.5, before temperature and window penalty.
    Raises GuardrailError, which begins with `name`, for outputs of another shape or that are not finite.
    """
    total = len(plan.windows)
    logits, family_logits = np.empty((total, NUM_LABELS)), np.empty((total, NUM_FAMILIES))
    p_deep, is_deep = np.empty(total), np.empty(total, dtype=bool)
    was_run, is_doubtful = np.zeros(total, dtype=bool), np.zeros(len(plan.texts), dtype=bool)
    one_by_one, has_second_looks = batch_size == 1, plan.is_second_look.any()
    allowed = plan.allowed(is_deep, is_doubtful)
    batches = _one_by_one(plan, tokenizer, allowed, desc) if one_by_one else _in_batches(plan, tokenizer, batch_size, desc)
    for rows, batch in batches if deadline is None else _take_until(deadline, batches):
        outputs = run(batch)
        _check_outputs(outputs, len(rows), name)
        logits[rows], family_logits[rows], p_deep[rows], is_deep[rows] = outputs
        was_run[rows] = True
        if has_second_looks:
            is_attack = softmax(logits[rows])[:, Label.BENIGN] < 0.5
            is_doubtful[plan.text_of[rows[is_attack & ~plan.is_second_look[rows]]]] = True
    if not one_by_one:
        is_allowed = np.zeros(total, dtype=bool)
        is_allowed[list(allowed)] = True
        was_run &= is_allowed
    was_read = was_run[plan.equal_to]
    indices, source = was_read.nonzero()[0], plan.equal_to[was_read]
    reading_of, readings = plan.reading_of[indices], plan.readings
    scores = WindowScores(
        text_index=plan.text_of[indices],
        view_index=np.array([reading.view_index for reading in readings])[reading_of],
        view_family=np.array([reading.family for reading in readings])[reading_of],
        tokens=np.array([len(plan.windows[index].input_ids) for index in indices]),
        logits=logits[source],
        family_logits=family_logits[source],
        p_deep=p_deep[source],
        is_deep=is_deep[source],
    )
    return scores, was_read


def _one_by_one(
    plan: Plan, tokenizer: GuardTokenizer, allowed: Iterator[int], desc: str | None
) -> Iterator[tuple[np.ndarray, Encoding]]:
    """Index and input of each window that is allowed."""
    bar = (
        None if desc is None else ProgressBar(len(plan.order), desc, "windows")
    )  # ProgressBar imports tqdm, which serving avoids
    with bar or nullcontext():
        for index in allowed:
            yield np.array([index]), tokenizer.collate([plan.windows[index]])
            if bar:
                bar.update()


def _in_batches(
    plan: Plan, tokenizer: GuardTokenizer, batch_size: int, desc: str | None
) -> Iterator[tuple[np.ndarray, Encoding]]:
    """Indices and inputs of all windows that may be read, batched by similar length."""
    order = np.sort(plan.order)
    for places, batch in length_sorted_batches(tokenizer, [plan.windows[index] for index in order], batch_size, desc):
        yield order[places], batch


def _take_until(deadline: float, batches: Iterable[tuple[np.ndarray, Encoding]]) -> Iterator[tuple[np.ndarray, Encoding]]:
    """The first batch, then those expected to end before the deadline, judged by the slowest batch so far."""
    slowest = 0.0
    for batch in batches:
        started = time.perf_counter()
        if slowest and started + slowest > deadline:
            return
        yield batch
        slowest = max(slowest, time.perf_counter() - started)


def length_sorted_batches(
    tokenizer: GuardTokenizer, windows: Sequence[Window], batch_size: int, desc: str | None
) -> Iterator[tuple[np.ndarray, Encoding]]:
    """Window indices and their collated batch, longest first, so that batches hold little padding.

    Longest first also means that memory runs out at once or not at all.
    """
    lengths = np.array([len(window.input_ids) for window in windows])
    order = np.argsort(-lengths, kind="stable")
    starts = range(0, len(order), batch_size)
    for start in starts if desc is None else with_progress(starts, desc, "batches"):
        indices = order[start : start + batch_size]
        yield indices, tokenizer.collate([windows[i] for i in indices])


def _check_outputs(outputs: Outputs, batch_size: int, name: str) -> None:
    expected = [(batch_size, NUM_LABELS), (batch_size, NUM_FAMILIES), (batch_size,), (batch_size,)]
    for key, array, shape in zip(["logits", "family_logits", "p_deep", "is_deep"], outputs, expected, strict=True):
        if array.shape != shape:
            raise GuardrailError(f"{name}: expected {key} of shape {shape}, found {array.shape}; export the model again")
        if not np.isfinite(array).all():
            raise GuardrailError(
                f"{name}: {key} has values that are not finite numbers; the weights are damaged or training diverged"
            )
