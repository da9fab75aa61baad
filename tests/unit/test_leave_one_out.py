"""What cannot be measured is said before a cell is trained."""

from dataclasses import replace

import pytest

from scripts import leave_one_out
from src.config import Config, DataConfig
from src.errors import ConfigError, DataError
from src.evaluation.benchmarks import Benchmark

GENERATED = Benchmark(
    name="generated", revision="r", kind="generated", policy="override", headline="both", reason="there are no unseen payloads"
)


def test_a_name_that_is_given_twice_is_refused(monkeypatch):
    monkeypatch.setattr("sys.argv", ["leave_one_out.py", "--names", "flip/fcs", "flip/fcs"])
    with pytest.raises(ConfigError, match="every name once, got flip/fcs flip/fcs"):
        leave_one_out.main()


@pytest.mark.parametrize(
    ("name", "made", "reason"),
    [
        ("flip/fcs", GENERATED, "there are no unseen payloads"),
        ("flip/fcs", replace(GENERATED, name="left_out/flip/fcs", reason="made 1 of 300 rows"), "made 1 of 300 rows"),
        ("some_source", replace(GENERATED, name="left_out/some_source", kind="file", reason=None), "the set has no rows"),
    ],
)
def test_what_has_no_rows_is_said_before_anything_is_trained(monkeypatch, name, made, reason):
    monkeypatch.setattr(leave_one_out, "build_splits", lambda cfg: None)
    monkeypatch.setattr(leave_one_out, "build_benchmarks", lambda splits, cfg: [made])
    with pytest.raises(DataError, match=f"nothing to measure '{name}' on: {reason}"):
        leave_one_out.benchmarks_of(Config(data=DataConfig(left_out=[name])))
