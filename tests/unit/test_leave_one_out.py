"""What cannot be measured is said before a cell is trained."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from scripts import leave_one_out
from src.config import Config, DataConfig
from src.errors import ConfigError, DataError
from src.evaluation.benchmarks import Benchmark
from src.files import read_json, write_json

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


def test_figures_are_kept_for_the_same_configuration_and_the_same_names_only(monkeypatch, tmp_path):
    """The second call names one more: the reference cell is scored again, on the rows of both."""
    trained = []
    rows = {name: replace(GENERATED, name=f"left_out/{name}", reason=None) for name in ("a", "b")}
    policies = {"override": {"n_attack": 1, "n_benign": 1, **dict.fromkeys(leave_one_out.FIGURES, 0.5)}}
    record = {"policy": "override", "results": {"guard": {"policies": policies}}}
    found = {"benchmarks": {each.name: record for each in rows.values()}}
    guard = SimpleNamespace(name="guard", calibration=None)
    monkeypatch.setattr(leave_one_out, "train_cell", lambda name, configs, words: trained.append(name))
    monkeypatch.setattr(leave_one_out.TorchPredictor, "from_checkpoint", lambda *args, **given: guard)
    monkeypatch.setattr(leave_one_out, "run_benchmarks", lambda *args, **given: found)
    args, other = (SimpleNamespace(config=None, overrides=words) for words in ([], ["train.epochs=9"]))
    for names, count in ((["a"], 1), (["a"], 1), (["a", "b"], 2), (["b"], 2)):
        cells = leave_one_out.run_cell(args, tmp_path, leave_one_out.REFERENCE, names, rows)
        assert set(names) <= cells.keys() and len(trained) == count
    path = tmp_path / leave_one_out.REFERENCE / "left_out.json"
    earlier = read_json(path)
    del earlier["figures"]["b"]["fpr_interval"]  # a file of an earlier version
    write_json(path, earlier)
    cells = leave_one_out.run_cell(args, tmp_path, leave_one_out.REFERENCE, ["a", "b"], rows)
    assert cells["b"]["fpr_interval"] == 0.5 and len(trained) == 3
    with pytest.raises(ConfigError, match="left_out.json is of another configuration"):
        leave_one_out.run_cell(other, tmp_path, leave_one_out.REFERENCE, ["a"], rows)
