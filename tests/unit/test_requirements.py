"""Every requirement is one version: what is installed today is what was tested, and what pip-audit is asked about."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(ROOT.glob("requirements*.txt"))
PIN = re.compile(r'[A-Za-z0-9_.-]+==\d+(\.\d+)*(; [a-z_]+ (==|!=) "\w+"( and [a-z_]+ == "\w+")*)?')


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_requirement_is_pinned_exactly(file):
    lines = [line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines()]
    pins = [line for line in lines if line and not line.startswith("-r ")]
    assert pins and all(PIN.fullmatch(pin) for pin in pins), [pin for pin in pins if not PIN.fullmatch(pin)]
    assert all((ROOT / line.removeprefix("-r ")).is_file() for line in lines if line.startswith("-r "))


@pytest.mark.parametrize(
    "loose", ["a", "a>=1", "a==1.*", "a~=1.0", "a==1,<2", "git+https://x.example/a", "a @ https://x.example"]
)
def test_what_is_no_exact_pin_is_found(loose):
    assert not PIN.fullmatch(loose)


def test_one_package_has_one_version():
    versions: dict[str, set[str]] = {}
    for file in FILES:
        for name, version in re.findall(r"(?m)^([\w.-]+)==([\d.]+)", file.read_text(encoding="utf-8")):
            versions.setdefault(name.lower().replace("_", "-"), set()).add(version)
    assert [name for name, found in versions.items() if len(found) > 1] == []


def test_every_file_is_named_where_vulnerable_versions_are_looked_for():
    (command,) = re.findall(r"pip-audit[^`\n]*", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    # requirements-dev.txt takes in those that it names with -r
    assert set(re.findall(r"-r (\S+)", command)) == {
        "requirements-dev.txt",
        "requirements-backbone.txt",
        "requirements-peers.txt",
    }
