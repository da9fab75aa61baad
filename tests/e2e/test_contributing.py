"""What CONTRIBUTING.md shows, done to a copy of the project."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
# Where a block goes in its file -> what stands behind that place.
ENDINGS = {
    "at the end": r"\Z",
    "as the last of HUB_SOURCES": r"^\)\n\Z",
    "as the last of KNOWN_GUARDS": r"^\}\n\n\ndef parse_hub_guard",
}


@pytest.fixture
def copy(tmp_path) -> Path:
    for name in ("src", "configs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def block(title: str, language: str) -> str:
    section = TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]
    (found,) = re.findall(rf"```{language}\n(.*?)```", section, flags=re.DOTALL)
    return found


def apply(title: str, copy: Path) -> None:
    """Put the block of a section into the file that its first line names; the file stays as ruff wants it."""
    first, _, code = block(title, "python").partition("\n")
    name, place = re.fullmatch(r"# (\S+), (.*)", first).groups()
    path = copy / name
    text = path.read_text(encoding="utf-8")
    (behind,) = re.finditer(ENDINGS[place], text, flags=re.MULTILINE)
    gap = "\n\n" if place == "at the end" else ""
    path.write_text(text[: behind.start()] + gap + code + text[behind.start() :], encoding="utf-8")
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, name], cwd=copy, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def printed(copy: Path, code: str) -> list[str]:
    environment = os.environ | {"PYTHONPATH": str(copy), "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "-c", f"import src; assert src.__file__.startswith({str(copy)!r}), src.__file__\n{code}"]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_an_attack_is_registered_inverted_and_part_of_its_family(copy):
    apply("Add an attack", copy)
    code = """if True:
        import random
        from src.data.attack_generators import ATTACKS, evaluation_attacks
        new = ATTACKS["char_injection/doubled"]
        hidden = new.apply("no way", random.Random(0))
        print(hidden, new.invert(hidden), new in evaluation_attacks()["char_injection"], sep="|")
    """
    assert printed(copy, code) == ["nnoo  wwaayy|no way|True"]


def test_a_benchmark_is_read_and_has_the_policy_of_its_labels(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(ROOT / "tests" / "fixtures" / "local_data", data)
    (data / "eval" / "helpdesk.jsonl").write_text(block("Add a benchmark", "json"), encoding="utf-8")
    manifest = json.loads((data / "MANIFEST.json").read_text(encoding="utf-8"))
    manifest["sources"] |= json.loads("{" + re.search(r'"eval/helpdesk": \{.*?\}', TEXT)[0] + "}")
    (data / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    code = f"""if True:
        from src.data.local_source import load_local
        from src.evaluation.benchmarks import headline_of, policy_of
        data = load_local({str(data)!r})
        rows = data.evaluation["helpdesk"]
        print(len(rows), policy_of(rows), headline_of(rows), data.info["eval/helpdesk"].licence)
    """
    assert printed(ROOT, code) == ["2 override both CC-BY-4.0"]


def test_a_source_is_known_with_its_licence(copy):
    apply("Add a source", copy)
    code = """if True:
        from src.data.hub_sources import BENIGN, HUB_SOURCES
        (new,) = [source for source in HUB_SOURCES if source.name == "support_questions"]
        print(new.role, new.licence, new.all_columns, new.label_of({}, "train") == BENIGN, len(new.revision))
    """
    assert printed(copy, code) == ["train CC-BY-4.0 ['question'] True 40"]


def test_a_peer_is_a_word_of_the_comparison(copy):
    apply("Add a peer", copy)
    code = """if True:
        from src.evaluation.baselines import parse_hub_guard
        from src.evaluation.comparison import ALL_BASELINES, parse_baseline_names
        name, model = parse_hub_guard("somebodys-guard")
        names = parse_baseline_names(["somebodys-guard"])
        print(name, model.attack_label, model.threshold, "somebodys-guard" in ALL_BASELINES, names)
    """
    assert printed(copy, code) == ["somebodys-guard 1 0.5 True ['somebodys-guard']"]


def test_every_path_and_script_that_is_named_exists():
    for name in re.findall(r"`(?:python )?((?:\./)?[\w./]+\.(?:py|sh|yaml|md))", TEXT):
        assert (ROOT / name).exists(), name
    assert all((ROOT / name).exists() for name in ("LICENSE", "corpus/LICENSE"))
