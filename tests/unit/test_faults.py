"""The bookkeeping of benchmarks/faults.py: what is drawn, kept and judged. The faults themselves take minutes."""

import os
import signal

import pytest

from benchmarks import faults
from benchmarks.fault_parts import hub, kinds, pipeline
from benchmarks.fault_parts.outcomes import is_clear


def test_a_fault_of_a_number_is_always_the_same_and_every_kind_is_drawn():
    drawn = [faults.draw(0, number, list(kinds.KINDS)) for number in range(200)]
    assert drawn == [faults.draw(0, number, [*reversed(kinds.KINDS)]) for number in range(200)]
    assert {each["kind"] for each in drawn} == set(kinds.KINDS)
    assert {each["target"] for each in drawn if each["kind"] == "flip"} == set(kinds.TARGETS)
    assert len({faults.key_of(each) for each in [*drawn, faults.draw(1, 0, list(kinds.KINDS))]}) == 201
    assert {faults.draw(0, number, ["clock"])["kind"] for number in range(9)} == {"clock"}


def test_rows_are_kept_whole_and_one_that_was_cut_off_is_dropped(tmp_path):
    path = tmp_path / "results.jsonl"
    assert faults.read_rows(path) == []
    rows = [{"kind": "kill", "verdict": verdict, "seen": "µ"} for verdict in ("survived", "lost")]
    for row in rows:
        faults.append_row(path, row)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20])
    assert faults.read_rows(path) == rows
    assert path.read_bytes() == whole
    assert "| kill | 2 | 1 | 0 | 1 | 0 | 0 | 0 |" in faults.table(rows)


@pytest.mark.parametrize(
    ("output", "is_one"),
    [
        ("12:00:00 src: going on\nerror: run/best_model.pth is damaged; copy it again\n", True),
        ("configuration error: best_model.pth cannot be read\n", True),
        ("error: something is damaged\n", False),  # which?
        ("Traceback (most recent call last):\nValueError: best_model.pth\nerror: no\n", False),
        ("best_model.pth\n", False),
    ],
)
def test_a_refusal_is_a_message_with_the_name_and_no_traceback(output, is_one):
    assert is_clear(output, "best_model.pth") == is_one


def test_differences_are_named_and_only_those_that_a_kill_must_keep():
    found = {"best": 2, "finished": 4}
    assert kinds.differences({"best": 1, "finished": 4}, found, None) == "best"
    assert kinds.differences({"best": 1, "finished": 4}, found, {"finished"}) == ""
    assert kinds.differences({"best": 2}, found, None) == "finished"


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "sleeper.py").write_text("import sys, time\nprint('began', flush=True)\ntime.sleep(float(sys.argv[1]))\n")
    command = lambda seconds: {"train": [str(tmp_path / "sleeper.py"), seconds]}  # noqa: E731
    monkeypatch.setattr(pipeline.Place, "commands", lambda self: command("0" if (tmp_path / "short").exists() else "60"))
    return pipeline.Place(tmp_path)


def test_a_life_is_ended_at_its_moment_and_tells_how_it_ended(place):
    for number in (signal.SIGKILL, signal.SIGTERM):
        life = pipeline.live(place, "train", until=lambda _: "began" in place.output.read_text(), number=number)
        assert life.status == -number and life.was_cut
    interrupted = pipeline.live(place, "train", until=lambda _: "began" in place.output.read_text(), number=signal.SIGINT)
    assert interrupted.status == 1 and "KeyboardInterrupt" in place.output.read_text()
    (place.root / "short").touch()
    assert pipeline.live(place, "train").status == 0
    assert pipeline.live(place, "train", prepare=lambda: os._exit(7)).status == 7


@pytest.mark.parametrize("mode", hub.MODES)
def test_the_broken_hub_is_broken_in_its_way(mode):
    from http.client import HTTPConnection, IncompleteRead

    with hub.broken_hub(mode) as address:
        connection = HTTPConnection(address.removeprefix("http://"), timeout=0.5)
        if mode == "hangs":
            with pytest.raises(TimeoutError):
                connection.request("GET", "/")
                connection.getresponse()
            return
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.status == (500 if mode == "fails" else 200)
        if mode == "half":
            with pytest.raises(IncompleteRead):
                answer.read()
        else:
            assert len(answer.read()) == 2000
