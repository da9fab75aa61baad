import json
import subprocess
import sys
from pathlib import Path

import pytest

from src.config import DRY_RUN_NAME, DRY_RUN_PRESET, load_config
from src.errors import ConfigError
from src.files import atomic_write, write_json
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, in_dry_run_directory, lock_run_directory, record_run, start_run


def test_the_default_directory_has_the_published_tree():
    paths = RunPaths(DEFAULT_OUTPUT_DIR)
    assert paths.best_model == Path("outputs/production_final/best_model.pth")
    assert paths.checkpoints == Path("checkpoints/production_final")
    assert paths.tensorboard == Path("logs/production_final")
    assert paths.hpo == Path("outputs/hpo")
    assert paths.dry_run == Path("outputs/dry_run")
    assert paths.benchmarks == Path("results/benchmarks")
    assert paths.report_html == Path("results/report.html")


def test_any_other_directory_is_self_contained():
    paths = RunPaths(Path("elsewhere/run7"))
    everything = [
        getattr(paths, name) for name, value in vars(RunPaths).items() if isinstance(value, property) and name[0] != "_"
    ]
    assert len(everything) > 15
    assert all(path.is_relative_to("elsewhere/run7") for path in everything)


def test_a_dry_run_has_a_directory_beside_the_run_it_rehearses():
    assert in_dry_run_directory(load_config()).run.output_dir == "outputs/dry_run"
    assert load_config([DRY_RUN_PRESET]).run.name == DRY_RUN_NAME
    assert in_dry_run_directory(load_config([], ["run.name=mine"])).run.name == DRY_RUN_NAME
    assert in_dry_run_directory(load_config([], ["run.output_dir=elsewhere/run7"])).run.output_dir == "elsewhere/run7/dry_run"


def test_a_run_records_config_and_environment(tmp_path):
    cfg = load_config([], [f"run.output_dir={tmp_path / 'run'}", "train.epochs=2"])
    with start_run(cfg) as paths:
        record_run(cfg, paths)
        assert "epochs: 2" in paths.config_yaml.read_text()
        environment = json.loads(paths.environment_json.read_text())
    assert environment["packages"]["torch"].startswith("2.13.0")
    assert {"cpu", "cores", "commit", "dirty", "python"} <= environment.keys()


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_place_that_is_no_directory_is_one_message(tmp_path, place):
    (tmp_path / "file").write_text("text")
    with (
        pytest.raises(ConfigError, match=r"run\.output_dir: expected a directory that can be written"),
        lock_run_directory(tmp_path / place),
    ):
        pass


def test_a_second_run_in_the_same_directory_is_refused_until_the_first_has_ended_or_was_killed(tmp_path):
    cfg = load_config([], [f"run.output_dir={tmp_path}"])
    holds_it = (
        "import sys, time; from src.config import load_config; from src.run import start_run\n"
        "with start_run(load_config([], sys.argv[1:])): print('started', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", holds_it, f"run.output_dir={tmp_path}"], stdout=subprocess.PIPE) as first:
        assert first.stdout.readline() == b"started\n"
        with pytest.raises(ConfigError, match="another run writes to"), start_run(cfg):
            pass
        first.kill()
    with start_run(cfg):
        pass


def test_a_failed_write_leaves_the_old_file_whole(tmp_path):
    target = tmp_path / "result.json"
    write_json(target, {"n": 1})
    with pytest.raises(RuntimeError), atomic_write(target) as partial:
        partial.write_text("half")
        raise RuntimeError("killed")
    assert json.loads(target.read_text()) == {"n": 1}
    assert list(tmp_path.iterdir()) == [target]


def test_json_refuses_nan(tmp_path):
    with pytest.raises(ValueError):
        write_json(tmp_path / "x.json", {"fpr": float("nan")})
    assert not (tmp_path / "x.json").exists()
