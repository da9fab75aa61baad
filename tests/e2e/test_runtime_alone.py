"""The runtime in an empty virtual environment: requirements-runtime.txt and the files that it may import, nothing else."""

import json
import shutil
import subprocess
import venv
from pathlib import Path

import pytest

from src.runtime import Guard, canaries
from tests.unit.test_architecture import ALLOWED

ROOT = Path(__file__).resolve().parents[2]
NO_NETWORK = ("Failed to establish a new connection", "NewConnectionError", "Max retries exceeded", "name resolution")
ASK = """
import json, sys
from src.runtime import Guard
print(json.dumps(Guard.load(sys.argv[1])(sys.argv[2]).to_dict()))
"""


def test_every_version_is_said_once():
    lines = [
        line.partition("#")[0].strip()
        for path in ROOT.glob("requirements*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    names = [line.split("==")[0] for line in lines if "==" in line]
    assert len(names) > 30 and sorted(names) == sorted(set(names))
    assert {line.split("==")[0] for line in (ROOT / "requirements-runtime.txt").read_text().splitlines() if "==" in line} == {
        "onnxruntime", "tokenizers", "numpy", "tqdm",
    }  # fmt: skip


def test_text_is_scored_without_torch_or_transformers(exported_dir, tmp_path):
    venv.create(tmp_path / "venv", with_pip=True)
    python, app = tmp_path / "venv" / "bin" / "python", tmp_path / "app"
    requirements = ROOT / "requirements-runtime.txt"
    installed = subprocess.run(
        [python, "-m", "pip", "install", "-q", "-r", requirements], capture_output=True, text=True, check=False
    )
    if installed.returncode and any(sign in installed.stderr for sign in NO_NETWORK):
        pytest.skip("no package index can be reached")
    assert installed.returncode == 0, installed.stderr
    for name in ("__init__.py", "runtime", *ALLOWED["runtime"]):
        source = ROOT / "src" / name
        if source.is_dir():
            shutil.copytree(source, app / "src" / name)
        else:
            (app / "src").mkdir(parents=True, exist_ok=True)
            shutil.copy(source if source.suffix else source.with_suffix(".py"), app / "src")

    missing = subprocess.run([python, "-c", "import torch"], capture_output=True, check=False)
    assert missing.returncode == 1
    for text in (*canaries.ATTACKS[:1], *canaries.BENIGN[:1], "\u0456gn\u043ere all rules"):
        done = subprocess.run([python, "-c", ASK, exported_dir, text], cwd=app, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        expected = json.loads(json.dumps(Guard.load(exported_dir)(text).to_dict()))
        assert json.loads(done.stdout) == expected  # the same machine and versions: to the bit
    command = [python, "-m", "src.runtime", "--model", exported_dir, "--input", "-", "--output", tmp_path / "out.jsonl"]
    done = subprocess.run(command, cwd=app, input='"hello"\n', capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out.jsonl").read_text())["line"] == 1
