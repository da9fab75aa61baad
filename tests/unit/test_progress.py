import logging
import subprocess
import time
from pathlib import Path

import pytest

from src import progress
from src.progress import ProgressBar, duration, log_heartbeat, with_progress

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lines(monkeypatch, caplog):
    caplog.set_level(logging.INFO, "src")
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.1)
    return caplog


def test_without_a_terminal_there_are_lines_with_the_time_left(lines):
    seen = []
    for item in with_progress(range(8), "scoring", "batches"):
        time.sleep(0.06)
        seen.append(item)
    assert seen == list(range(8))
    assert 2 <= len(lines.messages) <= 4
    assert lines.messages[0] == "scoring: 2 of 8 batches, about 0 s left"


def test_an_estimate_leaves_out_what_was_done_before(lines, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    with ProgressBar(100, "epoch 1/1", "steps", initial=90) as bar:
        now += 60
        bar.update(2)
    assert lines.messages == ["epoch 1/1: 92 of 100 steps, about 4 min left"]


def test_nothing_is_shown_without_a_title_or_of_what_is_soon_done(lines, capfd):
    list(with_progress(range(5), None, "batches"))
    list(with_progress(range(5), "short", "batches"))
    assert lines.messages == [] and capfd.readouterr() == ("", "")


def test_what_cannot_be_counted_says_that_it_goes_on_and_stops_when_it_has_ended(lines):
    logger = logging.getLogger("src")
    with log_heartbeat(logger):
        time.sleep(0.35)
        count = len(lines.messages)
    assert count >= 2 and all(line.startswith("still working, ") for line in lines.messages)
    with log_heartbeat(logger):
        for _ in range(5):
            time.sleep(0.04)
            logger.info("a step")
    time.sleep(0.2)
    assert lines.messages[count:] == ["a step"] * 5


def test_durations_are_read_at_a_glance():
    assert [duration(seconds) for seconds in (0.4, 119, 121, 3600)] == ["0 s", "119 s", "2 min", "60 min"]


def test_an_installation_says_that_it_goes_on():
    script = "source scripts/heartbeat.sh; SECONDS_BETWEEN_LINES=1; with_heartbeat 'step 1 of 3, torch' sleep 2.5; "
    done = subprocess.run(
        ["bash", "-euc", script + "with_heartbeat 'step 2 of 3' false || echo status $?"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "setup: step 1 of 3, torch: still working" in done.stdout
    assert done.stdout.endswith("status 1\n")
