"""Build steps that pyproject.toml cannot express: read versions from the requirements files, and pack release/ if it exists."""

from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).resolve().parent
RELEASE = "tinyguardrail.release"  # where src/runtime/artifact.py looks for it


def pins(file: str) -> list[str]:
    """The requirements of a file and of those that it names with -r, each once."""
    requirements: list[str] = []
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
        requirement = line.partition("#")[0].strip()
        if requirement.startswith("-r "):
            requirements += pins(requirement.removeprefix("-r ").strip())
        elif requirement:
            requirements.append(requirement)
    return list(dict.fromkeys(requirements))


def compatible(requirements: list[str]) -> list[str]:
    """name==1.32.0 -> name~=1.32, and name==0.23.3 -> name~=0.23.3: an application has versions of its own."""
    ranges = []
    for name, version in (requirement.split("==") for requirement in requirements):
        major, minor, *_ = version.split(".")
        ranges.append(f"{name}~={version if major == '0' else f'{major}.{minor}'}")
    return ranges


packages = {"tinyguardrail": "src"} | ({RELEASE: "release"} if (ROOT / "release").is_dir() else {})

setup(
    packages=[*packages, *(f"tinyguardrail.{name}" for name in find_packages("src"))],
    package_dir=packages,
    install_requires=compatible(pins("requirements-runtime.txt")),
    extras_require={
        "serve": compatible(pins("requirements-serve.txt")),
        "otel": compatible(pins("requirements-otel.txt")),
        # For a checkout, whose numbers are those of these versions.
        "train": pins("requirements.txt"),
        "report": pins("requirements-report.txt"),
        "dev": pins("requirements-dev.txt"),
    },
)
