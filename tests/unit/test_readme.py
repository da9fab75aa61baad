"""What the README and the pages of docs/ show is there: examples run, commands name scripts and flags that exist."""

import json
import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted(path for path in (ROOT / "docs").glob("*.md") if path.name != "experiments.md")]
EXPORTED = "outputs/production_final/optimized"
LINES_OF_README = 180  # what a stranger reads


def blocks(language):
    """(page, block) of all pages."""
    for page in PAGES:
        for block in re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.S):
            yield page, block


def commands():
    """(page, words) of every Python or shell script that a page calls."""
    for page, block in blocks("bash"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            for start in [0, *(place + 1 for place, word in enumerate(words) if word == "&&")]:
                command = words[start:]
                command = command[: command.index("&&")] if "&&" in command else command
                if command[:1] == ["python"]:
                    command = command[1:]
                if command and command[0].endswith((".py", ".sh")):
                    yield page, command


@pytest.mark.parametrize("page, block", [(page, block) for page, block in blocks("python") if EXPORTED in block])
def test_examples_of_the_exported_directory_run(page, block, exported_dir, capsys):
    names: dict[str, object] = {}
    exec(block.replace(EXPORTED, str(exported_dir)), names)
    if "session" in names:
        label, confidence = capsys.readouterr().out.rsplit(maxsplit=1)
        config = json.loads((exported_dir / "config.json").read_text(encoding="utf-8"))
        assert label in config["labels"] and 0.25 <= float(confidence) <= 1
        assert names["logits"].shape == (1, 4) and names["confidence"].shape == (1, 1)


def test_commands_name_scripts_and_flags_that_exist():
    common = (ROOT / "src/cli.py").read_text(encoding="utf-8")
    found = list(commands())
    assert len(found) > 30
    for page, (script, *words) in found:
        assert (ROOT / script).is_file(), f"{page.name} calls {script}"
        known = (ROOT / script).read_text(encoding="utf-8") + common
        for word in words:
            if word.startswith("--"):
                name = word.split("=")[0]
                assert name in known or f'"{name[2:]}"' in known, f"{page.name}: {script} has no {name}"


def test_links_between_pages_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= LINES_OF_README


def test_the_names_of_other_documents_are_explained():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert "`model_onnx_optimized.onnx` is `optimized/model_int8.onnx`" in page
    assert "`logs/production_final/training.log`" in page


def test_the_index_of_experiments_lists_every_entry_once():
    page = (ROOT / "docs/experiments.md").read_text(encoding="utf-8")
    index, entries = page.split("\n## Index\n")[1].split("\n## ", 1)
    titles = re.findall(r"(?m)^## (.+)$", f"\n## {entries}")
    assert sorted(re.findall(r"(?m)^- \[(.+)\]\(#.+\)$", index)) == sorted(titles)


def test_every_experiment_asks_says_how_shows_and_concludes():
    page = (ROOT / "docs/experiments.md").read_text(encoding="utf-8")
    entries = re.split(r"(?m)^## ", page.split("\n## Index\n")[1])[1:]
    assert len(entries) >= 60
    for entry in entries:
        title, body = entry.split("\n", 1)
        parts = re.findall(r"(?m)^(\*\*Question\.\*\*|\*\*Setup\.\*\*|\|[-:| ]+\||\*\*Verdict\.\*\*)", body)
        assert parts[:2] == ["**Question.**", "**Setup.**"] and parts[-1] == "**Verdict.**", title
        assert len(parts) > 3 and not any(part.startswith("*") for part in parts[2:-1]), f"{title}: no table before the verdict"
