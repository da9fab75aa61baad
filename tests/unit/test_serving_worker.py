"""The queue knows how long a request would wait: from the lengths of the texts before it and the time that such took of late."""

import asyncio
import threading

import pytest

from src.serving import worker
from src.serving.refusals import Refusal
from src.serving.worker import CHARS_PER_UNIT, ExplainQuestion, Terms, TextQuestion, Worker


class HeldGuard:
    """Reads a batch when it is let, and answers with the texts."""

    def __init__(self):
        self.asked, self.began, self.go_on = [], threading.Event(), threading.Semaphore(0)

    def batch(self, texts, **_):
        self.asked.append(list(texts))
        self.began.set()
        assert self.go_on.acquire(timeout=60)
        if "poison" in texts:
            raise RuntimeError("cannot read")
        return list(texts)


@pytest.fixture
def guard():
    return HeldGuard()


@pytest.fixture
def queue(guard):
    queue = Worker(max_batch=4, max_waiting=100, max_wait=0.1, timeout=60)
    queue.start()
    yield queue
    guard.go_on.release(100)
    queue.close()


def ask(queue, guard, *texts):
    return asyncio.create_task(queue.ask([TextQuestion(text, Terms(guard, 0.5)) for text in texts]))


async def began(guard):
    assert await asyncio.to_thread(guard.began.wait, 60)


def test_a_text_that_is_read_is_ahead_of_others_until_its_answer_is_there(queue, guard):
    async def judge():
        first = ask(queue, guard, "first")
        await began(guard)
        queue._seconds_per_unit = 0.2
        with pytest.raises(Refusal, match="0 texts wait, which with those that are read take about 200 ms") as refused:
            await ask(queue, guard, "second")
        assert refused.value.status == 429
        guard.go_on.release()
        await first
        queue.check_room()  # there is nothing ahead any more
        guard.go_on.release()
        return await ask(queue, guard, "third")

    assert asyncio.run(judge()) == ["third"]


def test_a_long_text_counts_for_as_many_short_ones(queue, guard):
    async def judge():
        first = ask(queue, guard, "first")
        await began(guard)
        queue._seconds_per_unit = 0.01
        long = ask(queue, guard, "a" * (8 * CHARS_PER_UNIT))
        await asyncio.sleep(0)
        assert queue._work_ahead == 10
        last = ask(queue, guard, "waits for 100 ms")
        await asyncio.sleep(0)
        with pytest.raises(Refusal, match="2 texts wait.* 110 ms"):
            await ask(queue, guard, "would wait for longer")
        guard.go_on.release(3)
        await asyncio.gather(first, long, last)
        assert queue._work_ahead == 0

    asyncio.run(judge())


def test_what_fails_and_what_nobody_waits_for_is_not_ahead_of_others(queue, guard):
    async def judge():
        failing = ask(queue, guard, "poison", "healthy")
        await began(guard)
        given_up = ask(queue, guard, "given up")
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.sleep(0.05)  # the queue hears of it
        guard.go_on.release(10)
        with pytest.raises(RuntimeError):
            await failing
        assert await ask(queue, guard, "next") == ["next"]
        assert queue._work_ahead == 0 == queue._length

    asyncio.run(judge())
    assert ["given up"] not in guard.asked


def test_texts_of_one_request_are_read_together_and_those_of_others_alone(queue, guard):
    async def judge():
        asked = [ask(queue, guard, "first")]
        await began(guard)
        asked += [ask(queue, guard, *each) for each in (["a"], ["b"], list("cdefgh"), ["i"])]
        await asyncio.sleep(0)
        guard.go_on.release(10)
        return await asyncio.gather(*asked)

    assert asyncio.run(judge()) == [["first"], ["a"], ["b"], list("cdefgh"), ["i"]]
    assert guard.asked == [["first"], ["a"], ["b"], list("cdef"), list("gh"), ["i"]]


def test_the_time_of_a_unit_follows_what_was_measured(queue, guard, monkeypatch):
    clock = iter([0.0, 3.0])
    monkeypatch.setattr(worker.time, "perf_counter", lambda: next(clock))
    guard.go_on.release()
    asyncio.run(queue.ask([TextQuestion("a" * (2 * CHARS_PER_UNIT), Terms(guard, 0.5))]))
    queue.close()
    assert queue._seconds_per_unit == pytest.approx(worker.NEWEST_WEIGHT * 3.0 / 3)


def test_an_explanation_is_more_work_than_a_verdict(guard):
    terms = Terms(guard, 0.5)
    assert ExplainQuestion("a" * 100, terms).work > 3 * TextQuestion("a" * 100, terms).work
