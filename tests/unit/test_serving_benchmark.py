"""The load generator counts and times what a server that is known does."""

import asyncio
import itertools
import signal
import time
from types import SimpleNamespace

import pytest

from benchmarks import serving
from benchmarks.serving import LOST, NO_CONNECTION, NOT_SENT, TEXTS, Generator, Phase, Sample, normal_after, render, verdicts
from src.errors import GuardrailError

ANSWER = b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n%s\r\n{}"


def samples(*outcomes, ms=10.0, since=0.0, every=0.01):
    """Requests that were due one after the other."""
    return [Sample(since + every * n, since + every * n, since + every * n + ms / 1000, each) for n, each in enumerate(outcomes)]


def load(answer, rate, seconds, max_connections=50):
    """What the generator notes about a server that answers a request with the bytes of `answer(number)`; None hangs up."""

    async def run():
        numbers = itertools.count()

        async def serve(reader, writer):
            try:
                while head := await reader.readuntil(b"\r\n\r\n"):
                    await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split()[0]))
                    content = await answer(next(numbers))
                    if content is None:
                        break
                    for piece in (content[:20], content[20:]):  # an answer may come in pieces
                        writer.write(piece)
                        await writer.drain()
                        await asyncio.sleep(0)
            except asyncio.IncompleteReadError:
                pass
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        generator = Generator(server.sockets[0].getsockname()[1], max_connections, seed=1)
        noted = await generator.offer(rate, seconds)
        generator.close()
        server.close()
        return noted

    return asyncio.run(run())


def test_every_outcome_is_counted():
    async def answer(number):
        return [ANSWER % (200, b""), ANSWER % (429, b"Connection: close\r\n"), ANSWER % (500, b""), None][number % 4]

    noted = load(answer, rate=400, seconds=0.5)
    phase = Phase.of(noted, 0.5)
    expected = [len(range(start, len(noted), 4)) for start in range(4)]
    assert [round(0.5 * phase.verdicts_per_s), phase.refused, phase.errors, phase.lost] == expected and min(expected) > 20
    assert phase.not_sent == 0 and phase.requests == len(noted)


def test_arrivals_do_not_wait_for_answers():
    """A server that stalls for half a second: those that were due in it felt it, and none was left out."""
    began = time.perf_counter()

    async def answer(_):
        await asyncio.sleep(max(0.0, began + 0.6 - time.perf_counter()))
        return ANSWER % (200, b"")

    noted = load(answer, rate=100, seconds=0.5)
    assert 25 < len(noted) < 80
    assert Phase.of(noted, 0.5).p50_ms > 150


def test_connections_are_bounded():
    async def answer(_):
        await asyncio.sleep(0.3)
        return ANSWER % (200, b"")

    noted = load(answer, rate=200, seconds=0.2, max_connections=5)
    assert Phase.of(noted, 0.2).not_sent == sum(each.outcome == NOT_SENT for each in noted) == len(noted) - 5


def test_a_closed_port_is_an_error_and_loses_nothing():
    (first, *_) = asyncio.run(Generator(1, 5, seed=0).offer(100, 0.1))
    assert first.outcome == NO_CONNECTION
    phase = Phase.of([first], 1.0)
    assert (phase.errors, phase.lost, phase.p50_ms) == (1, 0, None)


def test_the_capacity_is_what_the_server_can_do(monkeypatch):
    class Limited:
        """Answers 150 requests a second and refuses the others."""

        async def offer(self, rate, seconds):
            fits = min(int(rate * seconds), int(150 * seconds))
            return samples(*[200] * fits, *[429] * (int(rate * seconds) - fits))

    assert asyncio.run(serving.find_capacity(Limited(), 1.0)) == 150


def test_normal_is_the_first_stretch_without_a_refusal_and_as_fast_as_usual():
    quarter = int(serving.WINDOW_S / 0.01)
    after = [
        *samples(*[200] * quarter, 200, ms=500),  # slow
        *samples(*[200] * (quarter - 1), 429, since=serving.WINDOW_S),
        *samples(*[200] * quarter, since=2 * serving.WINDOW_S),
    ]
    assert normal_after(after, 0.0, p95_ms=8.0) == 2 * serving.WINDOW_S
    assert normal_after(after, 0.0, p95_ms=1.0) is None and normal_after([], 0.0, p95_ms=8.0) is None


def found(**changes):
    steady = Phase.of(samples(*[200] * 100), 1.0)
    overload = Phase.of(samples(*[200, 429] * 100), 1.0)
    phases = {"70%": vars(steady), "200%": vars(overload), "70% after": vars(steady)}
    return {
        "capacity_per_s": 310.0,
        "normal_after_s": 0.5,
        "phases": phases,
        "workers": 2,
        "cores": 2,
        "load_average": 0.1,
        "model": "a",
        "kill": {"lost": 3, "worker_back_s": 1.5, "normal_after_s": None},
    } | changes


def test_targets_are_met_or_missed():
    assert len(verdicts(found())) == 6 and all(verdicts(found()).values())
    lost = found()
    lost["phases"]["200%"] = vars(Phase.of(samples(429, LOST, 200), 1.0))
    for missed in (found(capacity_per_s=299.0), found(normal_after_s=None), found(kill={"worker_back_s": None}), lost):
        assert list(verdicts(missed).values()).count(False) == 1
    text = render(found())
    assert "3 requests lost, 2 workers again after 1.50 s, answers as usual after not while it was measured" in text
    assert "50.0%" in text and "target capacity >= 300 verdicts/s: met" in text


def test_texts_are_short_and_different():
    assert len(set(TEXTS)) == len(TEXTS) > 3
    assert all(45 <= len(text.split()) <= 65 for text in TEXTS)


def test_a_worker_is_killed_only_where_another_is_left(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["serving.py", "--model", "a", "--workers", "1", "--kill"])
    with pytest.raises(SystemExit):
        serving.parse_arguments()
    assert "give --workers 2 or more" in capsys.readouterr().err


def test_a_worker_is_back_when_the_killed_one_is_gone_and_as_many_are_ready(monkeypatch):
    """At first the killed one is still counted, then one is missing."""
    running, ready, sent = iter([True, True, False, False]), iter([1, 2]), []
    victim = SimpleNamespace(send_signal=sent.append, is_running=lambda: next(running))
    monkeypatch.setattr(serving, "worker_processes", lambda parent, workers: [victim])
    monkeypatch.setattr(serving, "ready_workers", lambda port: next(ready))
    killed, back = asyncio.run(serving.kill_worker(None, 0, 2, 0.0))
    assert sent == [signal.SIGKILL] and back >= 3 * serving.POLL_S and not list(running) and not list(ready)


def test_a_server_that_does_not_start_says_why(tmp_path):
    with pytest.raises(GuardrailError, match="the server did not start: error: .*"), serving.server(tmp_path, 1):
        pass
