"""The thread that calls the guard. The event loop only waits for it, so a long text holds up no other connection's bytes.

Texts of all requests wait in one queue, in the order in which they came. How long a request would wait is known from the
work before it and from the time that such work took of late; one that would wait for too long is refused at once.

Texts of one request are read together. Those of several are not, though it would take about 5% less time: each request would
wait for the verdicts of all others.

A question holds the guard that it goes to, so another model takes over between two batches, and a threshold never meets the
scores of a model that it was not fitted for.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from ..runtime import ConversationVerdict, Explanation, Guard, Verdict
from .refusals import RETRY, Refusal

NEWEST_WEIGHT = 0.2  # weight of the latest batch in the average time of a unit of work
CHARS_PER_UNIT = 500  # a text of 60 tokens is one unit, a long prompt hundreds of them
SENTENCES_PER_UNIT = 6


def work_of(text: str) -> int:
    """Units of about equal time that a verdict takes; they include the fixed cost of every text."""
    return 1 + len(text) // CHARS_PER_UNIT


@dataclass(frozen=True, slots=True)
class Terms:
    """Guard, threshold and time budget of a verdict. Texts with equal terms are read together."""

    guard: Guard
    threshold: float
    budget_ms: float | None = None


@dataclass(frozen=True, slots=True)
class TextQuestion:
    text: str
    terms: Terms

    @property
    def size(self) -> int:
        """Texts."""
        return 1

    @property
    def work(self) -> int:
        return work_of(self.text)


@dataclass(frozen=True, slots=True)
class ExplainQuestion:
    """A text whose verdict is to be explained."""

    text: str
    terms: Terms

    @property
    def size(self) -> int:
        return 1

    @property
    def work(self) -> int:
        """A sentence that is left out is a window more; a unit is a few sentences long."""
        return work_of(self.text) * SENTENCES_PER_UNIT


@dataclass(frozen=True, slots=True)
class ChatQuestion:
    """The arguments of `Guard.messages`."""

    messages: Sequence[Mapping[str, Any]]
    guard: Guard
    arguments: Mapping[str, Any]
    work: int

    @property
    def size(self) -> int:
        return len(self.messages)


Question = TextQuestion | ExplainQuestion | ChatQuestion
Answer = Verdict | Explanation | ConversationVerdict


class _Job:
    """The questions of one request."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = questions
        self.answers: list[Answer | None] = [None] * len(questions)
        self.unanswered = len(questions)
        self.future: Future[list[Answer | None]] = Future()

    def answer(self, index: int, answer: Answer) -> None:
        self.answers[index] = answer
        self.unanswered -= 1
        if not self.unanswered and self.future.set_running_or_notify_cancel():
            self.future.set_result(self.answers)

    def fail(self, error: Exception) -> None:
        if not self.future.done() and self.future.set_running_or_notify_cancel():
            self.future.set_exception(error)


@dataclass(frozen=True, slots=True)
class _QueuedQuestion:
    """A question in the queue."""

    job: _Job
    index: int

    @property
    def question(self) -> Question:
        return self.job.questions[self.index]

    @property
    def is_awaited(self) -> bool:
        """False once the deadline passed or another question of the request failed."""
        return not self.job.future.done()


class Worker:
    """The queue and its thread."""

    def __init__(
        self,
        *,
        max_batch: int,
        max_waiting: int,
        max_wait: float,
        timeout: float,
        on_length: Callable[[int], None] = lambda length: None,
    ) -> None:
        """`max_batch` texts of a request are read together, `max_waiting` texts wait at most, none for longer than `max_wait` as
        far as that is known. `max_wait` and `timeout` in seconds; `on_length` is told how many texts wait.
        """
        self._max_batch, self._max_waiting, self._max_wait, self._timeout = max_batch, max_waiting, max_wait, timeout
        self._on_length = on_length
        self._waiting: deque[_QueuedQuestion] = deque()
        self._length = 0  # texts in `_waiting`
        self._work_ahead = 0  # units in `_waiting` and of what is read right now
        self._seconds_per_unit = 0.0  # a moving average
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="guard", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Answer what waits, then end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive() and not self._closing

    async def ask(self, questions: Sequence[Question]) -> list[Any]:
        """The answers, in order. Raises Refusal for a full queue and a deadline that passed, and what the guard raised."""
        if not questions:
            return []
        job = _Job(questions)
        self._accept(job)
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.wrap_future(job.future)
        except TimeoutError:
            raise Refusal(503, f"there was no verdict within {1000 * self._timeout:.0f} ms", headers=RETRY) from None

    def check_room(self, size: int = 1) -> None:
        """Raises Refusal where a request with `size` texts would find no room or wait for too long."""
        if self._length + size > self._max_waiting:
            message = f"{self._length} texts wait; with the {size} of this request there were more than {self._max_waiting}"
            raise Refusal(429, message, headers=RETRY)
        wait = self._work_ahead * self._seconds_per_unit
        if wait > self._max_wait:
            message = f"{self._length} texts wait, which with those that are read take about {1000 * wait:.0f} ms"
            raise Refusal(429, message, headers=RETRY)

    def _accept(self, job: _Job) -> None:
        size = sum(question.size for question in job.questions)
        with self._changed:
            if not self.is_alive:
                raise Refusal(503, "the service is stopping", headers=RETRY)
            self.check_room(size)
            self._waiting.extend(_QueuedQuestion(job, index) for index in range(len(job.questions)))
            self._work_ahead += sum(question.work for question in job.questions)
            self._set_length(self._length + size)
            self._changed.notify()

    def _set_length(self, length: int) -> None:
        self._length = length
        self._on_length(length)

    def _work(self) -> None:
        while (batch := self._take()) is not None:
            began = time.perf_counter()
            by_terms: dict[Terms, list[_QueuedQuestion]] = {}
            for queued in batch:
                if isinstance(queued.question, TextQuestion):
                    by_terms.setdefault(queued.question.terms, []).append(queued)
                else:
                    self._answer([queued])
            for together in by_terms.values():
                self._answer(together)
            if work := sum(queued.question.work for queued in batch):
                self._seconds_per_unit += NEWEST_WEIGHT * ((time.perf_counter() - began) / work - self._seconds_per_unit)

    def _take(self) -> list[_QueuedQuestion] | None:
        """The next batch, of one request; None: the worker is closing and nothing waits."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if not self._waiting:
                return None
            batch, size, remaining = [], 0, self._length
            job = self._waiting[0].job
            while (
                self._waiting
                and self._waiting[0].job is job
                and (not size or size + self._waiting[0].question.size <= self._max_batch)
            ):
                queued = self._waiting.popleft()
                remaining -= queued.question.size
                if queued.is_awaited:
                    batch.append(queued)
                    size += queued.question.size
                else:
                    self._work_ahead -= queued.question.work
            self._set_length(remaining)
            return batch

    def _answer(self, batch: Sequence[_QueuedQuestion]) -> None:
        """Ask the guard about questions that go together. Where that fails, each is asked alone: one text spoils no other's."""
        try:
            answers = self._ask_guard([queued.question for queued in batch])
        except Exception as error:  # the error belongs to the request: the thread goes on
            if len(batch) > 1:
                for queued in batch:
                    self._answer([queued])
            else:
                self._remove_work(batch)
                batch[0].job.fail(error)
            return
        self._remove_work(batch)
        for queued, answer in zip(batch, answers, strict=True):
            queued.job.answer(queued.index, answer)

    def _remove_work(self, batch: Sequence[_QueuedQuestion]) -> None:
        """Subtract the work of a batch from the queue, before its answers are visible."""
        with self._changed:
            self._work_ahead -= sum(queued.question.work for queued in batch)

    def _ask_guard(self, questions: Sequence[Question]) -> Iterable[Answer]:
        first = questions[0]
        if isinstance(first, ChatQuestion):
            return [first.guard.messages(first.messages, **first.arguments)]
        if isinstance(first, ExplainQuestion):
            return [first.terms.guard.explain(first.text, threshold=first.terms.threshold)]
        texts = [question.text for question in questions if isinstance(question, TextQuestion)]
        return first.terms.guard.batch(texts, threshold=first.terms.threshold, budget_ms=first.terms.budget_ms)
