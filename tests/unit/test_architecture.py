"""The architecture, as tests: imports point one way, and what must stay light stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"

# package -> what it may import from src. Read it as the architecture diagram.
BASE = {"labels", "policy", "errors", "files", "progress", "response_code"}
ALLOWED = {
    "text": {"labels", "errors"},
    "runtime": BASE | {"text"},
    "encoders": BASE | {"text"},
    "models": BASE | {"config", "encoders", "text"},
    "data": BASE | {"config", "text"},
    "evaluation": BASE | {"checkpoint", "config", "text", "data", "models", "run", "runtime"},
    "training": BASE
    | {"checkpoint", "config", "interrupts", "text", "data", "models", "evaluation", "reporting", "run", "runtime"},
    "export": BASE | {"checkpoint", "config", "interrupts", "text", "data", "models", "evaluation", "run", "runtime"},
    "huggingface": BASE | {"config", "text", "models", "evaluation", "export", "runtime"},
    "reporting": BASE | {"config", "run"},
    "serving": BASE | {"text", "runtime"},
    "adapters": BASE | {"runtime", "serving"},
}


def imports_of(path: Path) -> set[str]:
    """Names under `src` that a file imports, such as {"config", "models"}."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "src":
                found |= {alias.name for alias in node.names}
            elif node.module.startswith("src."):
                found.add(node.module.split(".")[1])
    return found


def test_every_package_is_in_the_diagram():
    packages = {path.name for path in SRC.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert packages == set(ALLOWED)


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_imports_point_one_way(package):
    files = list((SRC / package).rglob("*.py"))
    assert files, f"no files in src/{package}"
    for path in files:
        extra = imports_of(path) - ALLOWED[package] - {package}
        assert not extra, f"{path.relative_to(SRC)} imports src.{sorted(extra)}"


LIGHT = [
    "src.text.tokenization", "src.text.views", "src.policy", "src.response_code", "src.reporting.report", "src.serving.app",
]  # fmt: skip
HEAVY = ["torch", "transformers", "scipy", "sklearn", "pandas", "omegaconf", "onnx"]


@pytest.mark.parametrize("module", LIGHT)
def test_light_modules_do_not_load_torch(module):
    code = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=SRC.parent, check=False).returncode == 0


@pytest.mark.parametrize("module", sorted(path.stem for path in (SRC / "runtime").glob("*.py")))
def test_the_runtime_loads_nothing_that_serving_does_not_need(module, exported_dir):
    name = "src.runtime" if module == "__init__" else f"src.runtime.{module}"
    code = (
        f"import sys, {name}; from src.runtime import Guard; Guard.load({str(exported_dir)!r})('hello'); "
        f"print(*sorted(set({HEAVY}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=SRC.parent, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_sessions_of_onnx_runtime_are_opened_in_one_file():
    """With other options than those of the guard a CPU without VNNI computes and takes something else."""
    files = [*SRC.rglob("*.py"), *(SRC.parent / "benchmarks").rglob("*.py"), *(SRC.parent / "scripts").rglob("*.py")]
    for call in ("InferenceSession(", "SessionOptions("):
        assert [path.name for path in files if call in path.read_text(encoding="utf-8")] == ["artifact.py"]


def test_backward_is_called_in_one_file():
    callers = [path.name for path in SRC.rglob("*.py") if ".backward(" in path.read_text(encoding="utf-8")]
    assert callers == ["trainer.py"]
