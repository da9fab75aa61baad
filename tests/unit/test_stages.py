"""No run is discarded unasked: what run_end_to_end.sh may start in a directory that holds something."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from src.config import Config, load_config
from src.errors import ConfigError
from src.run import RunPaths, lock_run_directory, record_run
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
    left = {path.name for path in paths.stages.iterdir()}
    assert left == {"config.yaml", "hpo.repeat", "train.repeat", "ablation.repeat"}
    claim_directory(other)  # interrupted before the training: the leave to discard still stands
    assert (paths.stages / "train.repeat").is_file()


def test_the_directory_of_a_training_that_goes_on_is_left_alone(configure):
    paths = finish(configure())
    with lock_run_directory(paths.root), pytest.raises(ConfigError, match="another run writes to"):
        claim_directory(configure("train.epochs=9"), restart=True)
    assert (paths.stages / "train").is_file()


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
    paths.root.mkdir(parents=True)
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


STAGE = """
import os
import sys
from pathlib import Path
name = Path(sys.argv[0]).stem
with open("calls.txt", "a") as calls:
    calls.write(" ".join([name, *(["--restart"] if "--restart" in sys.argv else [])]) + chr(10))
with open("words.txt", "a") as words:
    words.write(" ".join([name, *sys.argv[1:]]) + chr(10))
if name == os.environ.get("FAILING_STAGE"):
    sys.exit(3)
if name == "train_production_final":
    from src.cli import script_parser
    from src.config import load_config
    from src.run import RunPaths, record_run
    parser = script_parser("")
    parser.add_argument("--restart", action="store_true")
    args = parser.parse_intermixed_args()
    cfg = load_config(args.config, args.overrides)
    record_run(cfg, RunPaths.of(cfg))
    RunPaths.of(cfg).best_model.write_text("weights")
"""
NAMES = [
    "dry_run",
    "hyperparameter_optimization",
    "train_production_final",
    "optimize_model",
    "evaluate_benchmarks",
    "run_ablations",
    "generate_paper_figures",
    "make_tables",
    "create_model_card",
    "make_report",
]
ABLATION = NAMES.index("run_ablations")


@pytest.fixture
def pipeline(tmp_path):
    """run_end_to_end.sh in a checkout whose stages only note that they were called. Returns its result and these calls."""
    for name in ("src", "configs", *(path.name for path in ROOT.glob("requirements*.txt"))):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "scripts").mkdir()
    for name in ("run_end_to_end.sh", "scripts/setup_venv.sh", "scripts/print_paths.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in NAMES:
        folder = tmp_path / "scripts" if (ROOT / "scripts" / f"{name}.py").is_file() else tmp_path
        (folder / f"{name}.py").write_text(STAGE)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH=. exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    stamp = 'echo "$(cat requirements*.txt scripts/setup_venv.sh | cksum)-url" > .venv/.installed-requirements'
    subprocess.run(["bash", "-c", stamp], cwd=tmp_path, check=True)

    def run(*words: str, **environment: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
        (tmp_path / "calls.txt").write_text("")
        done = subprocess.run(
            ["bash", "run_end_to_end.sh", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "TORCH_INDEX_URL": "url", **environment},
        )
        return done, (tmp_path / "calls.txt").read_text().splitlines()

    return run


def test_the_pipeline_discards_a_run_only_when_it_is_told_to(pipeline):
    done, calls = pipeline()
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("run: preset quick in outputs/production_final\n") and calls == NAMES
    done, calls = pipeline(USE_WANDB="true")
    assert done.returncode == 0 and calls == [] and done.stdout.count("done before") == len(NAMES)
    for words in (
        ["quick", "train.epochs=9"],
        [
            "cpu",
            f"data.local_dir={ROOT / 'tests/fixtures/local_data'}",
            "data.validation_sources=[garden_forum]",
            "data.exclude=[]",
            "data.reserved_payload_source=null",
        ],
    ):
        done, calls = pipeline(*words)
        assert done.returncode == 2 and calls == []
        assert "--restart" in done.stderr and "run.output_dir=outputs/" in done.stderr and "Traceback" not in done.stderr
    done, calls = pipeline("--from", "train")
    assert done.returncode == 0
    assert calls == ["train_production_final --restart", *NAMES[3:ABLATION], "run_ablations --restart", *NAMES[ABLATION + 1 :]]
    assert "stage train: started from the beginning; what it left before is discarded" in done.stdout
    done, calls = pipeline("--restart", "train.epochs=9")
    assert done.returncode == 0, done.stderr
    assert calls == [f"{name} --restart" if name in (NAMES[1], NAMES[2], "run_ablations") else name for name in NAMES]
    done, calls = pipeline("train.epochs=9")
    assert done.returncode == 0 and calls == []
    done, calls = pipeline("run.output_dir=outputs/quick")
    assert done.returncode == 0 and calls == NAMES


def test_a_word_that_is_wrong_ends_the_pipeline_before_its_first_stage(pipeline):
    done, calls = pipeline("cpu")
    assert done.returncode == 2 and calls == [] and "data.source=local needs data.local_dir=DIR" in done.stderr


def words_of(tmp_path: Path, stage: str) -> list[str]:
    """Those that the stage was called with last."""
    lines = [line.split() for line in (tmp_path / "words.txt").read_text().splitlines()]
    return [words for name, *words in lines if name == stage][-1]


def test_a_stage_that_fails_ends_the_pipeline_and_the_same_command_goes_on_with_it(pipeline):
    done, calls = pipeline(FAILING_STAGE="run_ablations")
    assert done.returncode == 3 and "stage ablation: FAILED" in done.stderr and calls == NAMES[: ABLATION + 1]
    done, calls = pipeline()
    assert done.returncode == 0 and calls == NAMES[ABLATION:]  # from where it was: nothing is discarded


def test_quick_trains_two_cells_in_a_directory_of_their_own(pipeline, tmp_path):
    done, _ = pipeline("run.output_dir=outputs/mine", "train.batch_size=16")
    assert done.returncode == 0, done.stderr
    words = words_of(tmp_path, "run_ablations")
    assert words[words.index("--cells") + 1] == "corpus_without_mirrors" and "--scores_only" in words
    assert words[words.index("--output_dir") + 1] == "outputs/mine/ablations"  # whatever run.output_dir says
    configs = [word for flag, word in zip(words, words[1:], strict=False) if flag == "--config"]
    assert configs == ["configs/quick.yaml", "configs/quick_ablation.yaml"]
    assert words[-2:] == ["run.output_dir=outputs/mine", "train.batch_size=16"]
    for stage in ("make_tables", "create_model_card"):  # made of the run's files: they take no key=value
        assert words_of(tmp_path, stage) == ["--run", "outputs/mine"]


def test_other_presets_say_that_they_leave_the_cells_out(pipeline):
    words = [
        f"data.local_dir={ROOT / 'tests/fixtures/local_data'}",
        "data.validation_sources=[garden_forum]",
        "data.exclude=[]",
        "data.reserved_payload_source=null",
    ]
    done, calls = pipeline("cpu", *words)
    assert done.returncode == 0, done.stderr
    assert calls == [name for name in NAMES if name != "run_ablations"]
    assert "stage ablation: left out in preset cpu" in done.stdout
