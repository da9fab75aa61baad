"""No run is discarded unasked: what run_end_to_end.sh may start in a directory that holds something."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from src.config import Config, load_config
from src.errors import ConfigError
from src.run import RunPaths, record_run
from src.stages import claim_directory

ROOT = Path(__file__).resolve().parents[2]
QUICK, CPU = ROOT / "configs" / "quick.yaml", ROOT / "configs" / "cpu.yaml"


@pytest.fixture
def configure(tmp_path):
    def load(*words: str, preset: Path = QUICK) -> Config:
        return load_config([preset], [f"run.output_dir={tmp_path / 'run'}", *words])

    return load


def finish(cfg: Config) -> RunPaths:
    """A finished run, as its files look."""
    paths = RunPaths.of(cfg)
    claim_directory(cfg)
    (paths.stages / "train").write_text("9 s")
    record_run(cfg, paths)
    paths.best_model.write_text("weights")
    return paths


def test_a_finished_run_of_another_preset_or_word_is_refused_and_left_as_it_is(configure):
    paths = finish(configure(preset=CPU))
    for other in (configure(), configure("train.epochs=9", preset=CPU)):
        with pytest.raises(ConfigError, match="holds the training of another configuration") as refused:
            claim_directory(other)
        assert "run.output_dir=" in str(refused.value) and "--restart" in str(refused.value)
    assert "train.epochs: 2 there, 9 now" in str(refused.value)
    assert (paths.stages / "train").is_file() and paths.best_model.read_text() == "weights"
    claim_directory(configure(preset=CPU))
    assert (paths.stages / "train").is_file()


def test_what_is_logged_and_where_is_no_other_run(configure):
    paths = finish(configure())
    claim_directory(configure("logging.wandb=true", "logging.tensorboard=false", "data.cache_dir=elsewhere"))
    assert (paths.stages / "train").is_file()


def test_restart_repeats_every_stage_and_may_be_interrupted(configure):
    paths = finish(configure())
    other = configure("train.epochs=9")
    claim_directory(other, restart=True)
    assert sorted(path.name for path in paths.stages.iterdir()) == ["config.yaml", "hpo.repeat", "train.repeat"]
    claim_directory(other)  # interrupted before the training: the leave to discard still stands
    assert (paths.stages / "train.repeat").is_file()


def test_a_search_is_not_discarded_either_but_a_run_that_left_nothing_may_be_corrected(configure):
    paths = RunPaths.of(configure())
    claim_directory(configure())
    (paths.stages / "dry_run").write_text("9 s")
    claim_directory(configure("train.epochs=9"))
    assert not (paths.stages / "dry_run").exists()  # it was of other words
    paths.hpo.mkdir()
    paths.study_db.write_text("trials")
    with pytest.raises(ConfigError, match="holds the hyperparameter search of another"):
        claim_directory(configure())


def test_a_training_that_no_pipeline_started_is_kept_too(configure):
    paths = RunPaths.of(configure())
    paths.root.mkdir()
    record_run(configure(), paths)
    paths.best_model.write_text("weights")
    with pytest.raises(ConfigError, match=r"train\.epochs: 3 there, 9 now"):
        claim_directory(configure("train.epochs=9"))


@pytest.mark.parametrize(
    ("preset", "words", "message"),
    [
        (CPU, [], "data.source=local needs data.local_dir=DIR"),
        (CPU, ["data.local_dir=/no/such/place"], "no directory at /no/such/place"),
        (QUICK, ["data.mixture.homoglyf=3"], "did you mean 'homoglyph'"),
        (CPU, [f"data.local_dir={ROOT / 'tests/fixtures/local_data'}"], "has no source 'phtest_en'"),
        (ROOT / "configs" / "full.yaml", [], "HF_TOKEN is not set"),
    ],
)
def test_bad_words_are_told_before_torch_is_loaded(preset, words, message, tmp_path):
    code = (
        "import sys, runpy; sys.argv = ['scripts/print_paths.py', *sys.argv[1:]]\n"
        "try: runpy.run_path('scripts/print_paths.py', run_name='__main__')\n"
        "finally: assert 'torch' not in sys.modules"
    )
    words = ["--claim", "--config", preset, f"run.output_dir={tmp_path / 'run'}", *words]
    environment = {name: value for name, value in os.environ.items() if name != "HF_TOKEN"}
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and message in done.stderr and "Traceback" not in done.stderr
    assert time.monotonic() - started < 10  # about one on a quiet machine
    assert not (tmp_path / "run").exists()


def test_openmp_threads_do_not_spin_in_a_script():
    code = "import src.cli, os; print(os.environ['OMP_WAIT_POLICY'])"
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "PASSIVE"


def test_help_is_the_comment_and_no_code():
    done = subprocess.run(["bash", ROOT / "run_end_to_end.sh", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("The whole pipeline") and "--restart" in done.stdout
    assert "set -euo" not in done.stdout and done.stdout.rstrip().endswith("(see scripts/setup_venv.sh).")
