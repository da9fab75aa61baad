"""The architecture, as tests: imports point one way, and what must stay light stays light."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"

# package -> what it may import from src. Read it as the architecture diagram.
BASE = {"labels", "policy", "errors", "files", "hub", "progress", "rates", "response_code", "table_files"}
ALLOWED = {
    "text": {"labels", "errors"},
    "runtime": BASE | {"text"},
    "encoders": BASE | {"text"},
    "models": BASE | {"config", "config_sections", "encoders", "text"},
    "data": BASE | {"config", "text"},
    "evaluation": BASE | {"checkpoint", "config", "text", "data", "models", "run", "runtime"},
    "training": BASE
    | {"checkpoint", "config", "export", "interrupts", "text", "data", "models", "evaluation", "reporting", "run", "runtime"},
    "cards": BASE | {"config", "data", "reporting", "run", "runtime"},
    "export": BASE | {"cards", "checkpoint", "config", "interrupts", "text", "data", "models", "evaluation", "run", "runtime"},
    "huggingface": BASE | {"cards", "config", "text", "models", "evaluation", "export", "run", "runtime"},
    "reporting": BASE | {"config", "run"},
    "serving": BASE | {"text", "runtime"},
    "console": BASE | {"text", "runtime", "serving"},
    "adapters": BASE | {"runtime", "serving"},
}


def modules_of(path: Path) -> set[str]:
    """Modules that a file of src imports, by their whole names: {"numpy", "src.files"}."""
    package = path.relative_to(SRC.parent).parent.parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = (*above, *(node.module.split(".") if node.module else ()))
            # "from .. import canaries" names a module, "from ..files import sha256_of" what is in one
            found |= {".".join((*module, alias.name)) for alias in node.names} if module == ("src",) else {".".join(module)}
    return found


def imports_of(path: Path) -> set[str]:
    """Names under `src` that a file imports, such as {"config", "models"}."""
    return {module.split(".")[1] for module in modules_of(path) if module.startswith("src.")}


def test_every_package_is_in_the_diagram():
    packages = {path.name for path in SRC.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert packages == set(ALLOWED)


def reachable(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Every pair of packages that a path connects."""
    while longer := {(first, last) for first, middle in edges for start, last in edges if middle == start} - edges:
        edges = edges | longer
    return edges


def test_the_diagram_in_the_documentation_shows_the_imports():
    page = (SRC.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", page, re.M))
    allowed = {(package, name) for package, names in ALLOWED.items() for name in names & set(ALLOWED)}
    assert drawn and reachable(drawn) == reachable(allowed)
    assert not any(reachable(drawn - {edge}) == reachable(drawn) for edge in drawn), "an arrow that the others imply"


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_imports_point_one_way(package):
    files = list((SRC / package).rglob("*.py"))
    assert files, f"no files in src/{package}"
    for path in files:
        extra = imports_of(path) - ALLOWED[package] - {package}
        assert not extra, f"{path.relative_to(SRC)} imports src.{sorted(extra)}"


def test_what_is_imported_relatively_is_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "SRC", tmp_path / "src")
    file = tmp_path / "src" / "text" / "file.py"
    file.parent.mkdir(parents=True)
    file.write_text("import json\nfrom . import views\nfrom .chars import x\nfrom .. import config\nfrom ..data.rows import y")
    assert imports_of(file) == {"text", "config", "data"}
    assert modules_of(file) == {"json", "src.text", "src.text.chars", "src.config", "src.data.rows"}


def test_no_file_of_the_package_names_it():
    """It is `src` in a checkout and `tinyguardrail` where it is installed: modules under two names would have classes twice."""
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            absolute = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            absolute += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            named = [name for name in absolute if name.split(".")[0] in ("src", "tinyguardrail")]
            assert not named, f"{path.relative_to(SRC)} imports {named}; write a relative import"


LIGHT = [
    "src.text.tokenization",
    "src.text.views",
    "src.policy",
    "src.response_code",
    "src.reporting.report",
    "src.serving.app",
    "src.console.main",
]
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


def test_the_package_alone_loads_nothing_and_the_command_no_server():
    loaded = "print(*sorted({'numpy', 'onnxruntime', 'tokenizers', 'fastapi', 'uvicorn', *HEAVY} & set(sys.modules)))"
    for module, expected in (("src", ""), ("src.console.main", "numpy tokenizers")):
        code = f"import sys, {module}; HEAVY = {HEAVY}; {loaded}"
        done = subprocess.run([sys.executable, "-c", code], cwd=SRC.parent, check=False, capture_output=True, text=True)
        assert done.stdout.strip() == expected, done.stderr


def test_one_process_uses_one_name_of_the_package():
    code = """if True:
        import importlib.util, sys, src
        spec = importlib.util.spec_from_file_location("tinyguardrail", src.__file__, submodule_search_locations=src.__path__)
        sys.modules["tinyguardrail"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    """
    done = subprocess.run([sys.executable, "-c", code], cwd=SRC.parent, check=False, capture_output=True, text=True)
    assert "is imported as src already; use that name" in done.stderr


def test_sessions_of_onnx_runtime_are_opened_in_one_file():
    """With other options than those of the guard a CPU without VNNI computes and takes something else."""
    files = [*SRC.rglob("*.py"), *(SRC.parent / "benchmarks").rglob("*.py"), *(SRC.parent / "scripts").rglob("*.py")]
    for call in ("InferenceSession(", "SessionOptions("):
        assert [path.name for path in files if call in path.read_text(encoding="utf-8")] == ["artifact.py"]


def test_backward_is_called_in_one_file():
    callers = [path.name for path in SRC.rglob("*.py") if ".backward(" in path.read_text(encoding="utf-8")]
    assert callers == ["trainer.py"]


def test_hints_about_unknown_names_are_made_in_one_file():
    makers = [path.name for path in SRC.rglob("*.py") if "get_close_matches" in path.read_text(encoding="utf-8")]
    assert makers == ["errors.py"]


@pytest.mark.parametrize("said", [None, "0"])
def test_onnxruntime_makes_no_reports_unless_it_is_told_to(said):
    environment = {key: value for key, value in os.environ.items() if key != "ORT_DISABLE_TELEMETRY"}
    environment |= {} if said is None else {"ORT_DISABLE_TELEMETRY": said}
    code = "import sys, src; assert 'onnxruntime' not in sys.modules; import os; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=SRC.parent, env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == (said or "1")
