"""Several processes serve, one waits loaded, and their parent sees to it that this stays so."""

import os
import signal
import threading
from multiprocessing import Pipe
from types import SimpleNamespace

import pytest

from src.errors import ArtifactError, ConfigError
from src.serving import processes
from src.serving.processes import SPAWN, Child, Supervisor, run_worker


class FakeProcess:
    def __init__(self, pid):
        self.pid, self.exitcode = pid, None
        self.sentinel, self._end = Pipe(duplex=False)

    def kill(self):
        self.exitcode = -signal.SIGKILL
        self._end.close()


class FakeChild:
    def __init__(self, pid):
        self.process = FakeProcess(pid)
        self.is_loaded = self.serves = self.will_be_loaded = self.is_closed = False
        self.reloads = 0

    def serve(self):
        self.serves = True

    def listen(self):
        self.is_loaded = self.will_be_loaded

    def reload(self):
        self.reloads += 1

    def close(self):
        self.is_closed = True


@pytest.fixture
def started():
    return []


@pytest.fixture
def dead():
    return []


@pytest.fixture
def supervisor(monkeypatch, started, dead):
    def start():
        started.append(FakeChild(len(started)))
        return started[-1]

    monkeypatch.setattr(processes, "mark_process_dead", dead.append)
    monkeypatch.setattr(processes, "POLL_S", 0.0)
    return Supervisor(2, start, patience=5.0)


def load_all(supervisor, started):
    """Every process is loaded, the one that waits too."""
    for _ in range(3):
        supervisor.step()
        for child in started:
            child.will_be_loaded = True
    supervisor.step()


def test_one_more_than_serve_is_loaded_but_not_before_these(supervisor, started):
    supervisor.step()
    assert [child.serves for child in started] == [True, True]
    started[0].will_be_loaded = True
    for _ in range(3):
        supervisor.step()
    assert len(started) == 2  # the other would have to share its core
    started[1].will_be_loaded = True
    for _ in range(3):
        supervisor.step()
    assert [child.serves for child in started] == [True, True, False]


def test_what_waits_takes_over_at_once_and_another_is_loaded(supervisor, started, dead, capsys):
    load_all(supervisor, started)
    started[1].process.kill()
    supervisor.step()  # sees the end
    supervisor.step()  # mends it: no pause
    assert [child.process.pid for child in supervisor.children] == [0, 2, 3] and dead == [1] and started[1].is_closed
    assert [child.serves for child in supervisor.children] == [True, True, False]
    assert "process 1 ended with exit code -9; another takes over" in capsys.readouterr().err


def test_with_nothing_that_waits_another_is_started_for_those_that_died(supervisor, started):
    load_all(supervisor, started)
    for child in started:
        child.process.kill()
    supervisor.step()
    supervisor.step()
    assert len(started) == 5 and [child.serves for child in supervisor.children] == [True, True]


def fail_to_load(supervisor, child):
    child.is_loaded = child.will_be_loaded = False
    child.process.kill()
    for _ in range(3):
        supervisor.step()


def test_what_cannot_load_is_tried_again_after_a_pause(supervisor, started, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(processes, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    supervisor.step()
    fail_to_load(supervisor, started[0])
    assert len(started) == 2
    clock[0] += processes.RETRY_S
    supervisor.step()
    assert len(started) == 3 and [child.serves for child in supervisor.children] == [True, True]


def test_what_waits_is_tried_again_later_than_what_serves_and_at_once_after_a_hangup(supervisor, started, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(processes, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    load_all(supervisor, started)
    fail_to_load(supervisor, started[2])
    clock[0] += processes.RETRY_S
    supervisor.step()
    assert len(started) == 3
    started[0].process.kill()  # it is missed: no pause
    supervisor.step()
    supervisor.step()
    assert len(started) == 4 and [child.serves for child in supervisor.children] == [True, True]
    started[3].will_be_loaded = True
    supervisor.step()
    supervisor.step()
    assert len(started) == 4
    clock[0] += processes.SPARE_RETRY_S
    supervisor.step()
    assert len(started) == 5 and [child.serves for child in supervisor.children] == [True, True, False]
    fail_to_load(supervisor, started[4])
    supervisor.hang_up()
    supervisor.step()
    supervisor.step()
    assert len(started) == 6


def ignoring(listener, options, pipe):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pipe.send(True)
    threading.Event().wait(600)


def test_a_process_that_does_not_end_when_it_is_asked_to_is_killed(monkeypatch):
    monkeypatch.setattr(processes, "run_worker", ignoring)
    child = Child(None, {})
    try:
        assert child._pipe.poll(60)  # it ignores the signal from here on
        supervisor = Supervisor(1, lambda: child, patience=0.2)
        supervisor.children.append(child)
        supervisor._end_all()
        assert child.process.exitcode == -signal.SIGKILL
    finally:
        child.process.kill()


def test_where_no_process_can_be_started_the_others_go_on(supervisor, started, monkeypatch, capsys):
    clock = [100.0]
    monkeypatch.setattr(processes, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    load_all(supervisor, started)
    start, tried = supervisor._start, []

    def fail():
        tried.append(True)
        raise OSError(12, "Cannot allocate memory")

    supervisor._start = fail
    started[0].process.kill()
    for _ in range(4):
        supervisor.step()
    assert [child.serves for child in supervisor.children] == [True, True] and len(tried) == 1
    assert "tried again in 2 s: Cannot allocate memory" in capsys.readouterr().err
    supervisor._start = start
    clock[0] += processes.RETRY_S
    supervisor.step()
    assert [child.serves for child in supervisor.children] == [True, True, False]


def test_a_hangup_reaches_those_that_serve_and_replaces_what_waits(supervisor, started, dead):
    load_all(supervisor, started)
    supervisor.hang_up()
    supervisor.step()
    supervisor.step()
    assert [child.reloads for child in started] == [1, 1, 0, 0] and dead == [2]
    assert [child.process.pid for child in supervisor.children] == [0, 1, 3]
    started[1].is_loaded = started[1].will_be_loaded = False  # while it loads, it cannot be told
    supervisor.hang_up()
    supervisor.step()
    supervisor.step()
    assert 1 not in [child.process.pid for child in supervisor.children]
    assert [child.serves for child in supervisor.children].count(True) == 2


def silent(listener, options, pipe):
    threading.Event().wait(600)


def test_a_process_that_is_silent_for_long_is_killed(monkeypatch):
    monkeypatch.setattr(processes, "run_worker", silent)
    child = Child(None, {})
    try:
        monkeypatch.setattr(processes, "HUNG_S", 0.0)
        child.listen()  # it loads
        assert child.process.is_alive()
        child.is_loaded = True
        child.listen()
        child.process.join(60)
        assert child.process.exitcode == -signal.SIGKILL
    finally:
        child.process.kill()
        child.close()


def test_a_process_whose_parent_is_gone_ends(monkeypatch):
    asked = threading.Event()
    monkeypatch.setattr(processes.os, "kill", lambda pid, number: asked.set() if (pid, number) == (os.getpid(), 15) else None)
    monkeypatch.setattr(processes, "application_of_worker", lambda: None)
    monkeypatch.setattr(processes.uvicorn, "Server", lambda config: pytest.fail("it was not asked to serve"))
    monkeypatch.setattr(processes.signal, "signal", lambda *_: None)
    ours, theirs = SPAWN.Pipe()
    ours.close()
    run_worker(None, {}, theirs)  # one that waits returns
    assert asked.wait(30)  # one that serves is asked to end, and answers what has begun


def test_a_worker_that_cannot_load_does_not_end_the_others(monkeypatch, capsys):
    def fail():
        raise ArtifactError("the directory is damaged")

    monkeypatch.setattr(processes, "application", fail)
    with pytest.raises(SystemExit) as ended:
        processes.application_of_worker()
    assert ended.value.code == 1
    assert capsys.readouterr().err == "error: the directory is damaged; another process tries again\n"


def test_processes_that_cannot_share_their_metrics_say_why(monkeypatch, tmp_path):
    monkeypatch.setattr(processes.tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(ConfigError, match="cannot be made: No such file or directory; set TMPDIR .* tmpfs on /tmp"):
        processes.serve_in_processes(2, None, {})
