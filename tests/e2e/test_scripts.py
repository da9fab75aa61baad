"""Every script answers --help from another directory, with no GPU, network or token; errors have no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import text as text_benchmark
from src.runtime import canaries

ROOT = Path(__file__).resolve().parents[2]
ENTRY_SCRIPTS = {
    "dry_run.py",
    "train_production_final.py",
    "hyperparameter_optimization.py",
    "evaluate_benchmarks.py",
    "optimize_model.py",
    "export_onnx.py",
}
SCRIPTS = sorted(
    [
        *(path for path in ROOT.glob("*.py") if path.name != "setup.py"),
        *(ROOT / "scripts").glob("*.py"),
        *(ROOT / "benchmarks").glob("*.py"),
    ]
)


def run_script(*arguments: object, cwd: Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "HF_TOKEN"} | {"CUDA_VISIBLE_DEVICES": "", "HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def test_all_entry_scripts_exist():
    assert {path.name for path in ROOT.glob("*.py")} >= ENTRY_SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_help(script, tmp_path):
    done = run_script(script, "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert script.name in done.stdout  # the docstring shows a command that works
    assert list(tmp_path.iterdir()) == []


def test_a_config_typo_is_one_line_with_a_suggestion(tmp_path):
    done = run_script(ROOT / "train_production_final.py", "model.dmodel=320", cwd=tmp_path)
    assert done.returncode == 1
    assert "did you mean 'model.d_model'" in done.stderr
    assert "Traceback" not in done.stderr


def test_wandb_that_is_not_logged_in_is_an_error_before_the_data_is_read(tmp_path, monkeypatch):
    pytest.importorskip("wandb")
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))  # whose ~/.netrc has no key
    for name in ("WANDB_API_KEY", "WANDB_MODE"):
        monkeypatch.delenv(name, raising=False)
    arguments = ["--use_wandb", "data.source=local", "data.local_dir=/no/such/data", f"run.output_dir={tmp_path / 'run'}"]
    done = run_script(ROOT / "train_production_final.py", *arguments, cwd=tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "logging.wandb=true: No API key configured" in done.stderr and "WANDB_MODE=offline" in done.stderr


def test_the_hub_without_a_token_names_both_ways_on(tmp_path):
    done = run_script(ROOT / "train_production_final.py", "data.source=hub", cwd=tmp_path)
    assert done.returncode == 1
    assert "HF_TOKEN" in done.stderr and "data.source=local" in done.stderr and "data.source=builtin" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["huge"], ["quick", "--from", "nowhere"], ["--from"]])
def test_the_pipeline_refuses_unknown_words_before_it_installs_anything(arguments):
    done = subprocess.run(["bash", ROOT / "run_end_to_end.sh", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (
        "dry_run hpo train optimize benchmarks ablation figures tables card report" in done.stderr
        or "expected quick, cpu, release" in done.stderr
    )


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--budgets", "0"], 1, "--budgets must be rising numbers of queries, 1 or more, got 0"),
        (["--budgets", "10", "1"], 1, "got 10 1"),
        (["--budgets", "many"], 2, "invalid int value"),
        (["--num_payloads", "0"], 1, "--num_payloads must be 1 or more, got 0"),
        (["--policy", "none"], 2, "invalid choice"),
        (["--model_path", "/no/such/guard"], 1, "/no/such/guard"),
        (["--model_path", "."], 1, "model_int8.onnx"),
    ],
)
def test_the_attacker_refuses_bad_arguments_and_writes_nothing(arguments, status, message, tmp_path):
    done = run_script(ROOT / "scripts" / "attack_guard.py", *arguments, "--output_path", tmp_path / "attack.json", cwd=tmp_path)
    assert done.returncode == status and message in done.stderr
    assert "Traceback" not in done.stderr and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("script", ["evaluate_benchmarks.py", "scripts/compare_baselines.py"])
def test_a_directory_with_a_wrong_checksum_is_refused_before_anything_is_scored(script, tmp_path):
    exported = tmp_path / "optimized"
    exported.mkdir()
    (exported / "model_int8.onnx").write_bytes(b"weights")
    (exported / "config.json").write_text('{"checksum": "0", "schema": 1}', encoding="utf-8")
    done = run_script(ROOT / script, "--model_path", exported, "--output_dir", tmp_path / "results", cwd=tmp_path)
    assert done.returncode == 1 and "config.json does not match the checksum inside it" in done.stderr
    assert "Traceback" not in done.stderr and list(tmp_path.iterdir()) == [exported]


def test_the_guard_is_compared_with_peers_of_which_none_is_installed(exported_dir, tmp_path):
    script, files = ROOT / "scripts" / "compare_baselines.py", ["--files", "mixed_injections", "--chat_files", "trigger_words"]
    places = [f"--{name}={tmp_path / name}" for name in ("peer_packages", "peer_scores", "output_dir")]
    arguments = ["--peers", "picket", f"data.local_dir={ROOT / 'tests' / 'fixtures' / 'local_data'}", *files, *places]
    done = run_script(script, *arguments, "--max_rows", "20", "--model_path", exported_dir, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    table = (tmp_path / "output_dir" / "peers.md").read_text(encoding="utf-8")
    assert table in done.stdout and "| tinyguardrail-model_int8 | own, 0.6 |" in table
    assert f"- picket: aicordon is not in {tmp_path / 'peer_packages'}; pip install --no-deps --target" in table
    kept = sorted((tmp_path / "peer_scores" / "tinyguardrail-model_int8").iterdir())
    assert [path.name.partition("-")[0] for path in kept] == ["mixed_injections", "trigger_words"]

    alone = run_script(script, *arguments, "--without_guard", cwd=tmp_path)
    assert alone.returncode == 0 and "tinyguardrail" not in alone.stdout and "- picket: aicordon" in alone.stdout
    nowhere = run_script(script, "--peers", "--without_guard", cwd=tmp_path)
    assert nowhere.returncode == 1 and "--peers needs data.local_dir=DIR" in nowhere.stderr


def test_a_checkout_answers_without_an_installation(exported_dir):
    for text, status in ((canaries.ATTACKS[0], 1), (canaries.BENIGN[0], 0)):
        done = run_script("-m", "src", "check", text, "--model", exported_dir, cwd=ROOT)
        assert done.returncode == status, done.stderr
        assert done.stdout.startswith("threat: " if status else "no threat: ")


FAMILIES = ("flip", "homoglyph", "encoding", "char_injection", "typoglycemia", "code_chameleon")
FEW_ROWS = [f"data.mixture.{family}=12" for family in FAMILIES]


@pytest.mark.parametrize(
    ("script", "arguments", "printed"),
    [
        ("generation", [*FEW_ROWS, "--workers", 1, 2], "the same rows every time: sha256"),
        ("data", ["--rows", 2000], "from the cache"),
        ("throughput", ["--seconds", 0.1, "--processes", 1, "--model"], "batches of"),
        ("fuzz", ["--targets", "views", "loaders", "--inputs", 20], "loaders: 20 inputs"),
    ],
)
def test_benchmarks_that_take_their_sizes_as_flags(script, arguments, printed, exported_dir, tmp_path):
    arguments = [*arguments, exported_dir] if arguments[-1] == "--model" else arguments
    done = run_script(ROOT / "benchmarks" / f"{script}.py", *arguments, cwd=tmp_path, timeout=600)
    assert done.returncode == 0 and printed in done.stdout, done.stderr


def test_the_times_of_tokens_and_views_are_printed(monkeypatch, capsys):
    """benchmarks/text.py, in this process: the numbers of its texts and passes are no flags."""
    for name, value in (("NUM_TEXTS", 2), ("REPEATS", 1), ("HOSTILE_CHARS", 200), ("HOSTILE", {"dots": ". - " * 9})):
        monkeypatch.setattr(text_benchmark, name, value)
    monkeypatch.setattr("sys.argv", ["text.py"])
    text_benchmark.main()
    printed = capsys.readouterr().out
    assert "2 of ~60 tokens" in printed and "dots" in printed and "the slowest:" in printed
