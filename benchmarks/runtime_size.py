"""Measure the installed size of the serving packages: requirements-runtime.txt in an empty virtual environment.

python benchmarks/runtime_size.py
python benchmarks/runtime_size.py --limit_mb 210

pip and setuptools, which an empty environment may contain, are not counted. The script fails above the limit.
"""

import argparse
import json
import subprocess
import tempfile
import venv
from pathlib import Path

from src.errors import GateError, run_main

ROOT = Path(__file__).resolve().parents[1]
MB = 1e6
LIST_SIZES = """
import importlib.metadata, json
print(json.dumps({d.name: sum(p.locate().stat().st_size for p in d.files or () if p.locate().is_file())
                  for d in importlib.metadata.distributions()}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit_mb", type=float, default=210.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        sizes = installed_sizes(Path(directory) / "venv", ROOT / "requirements-runtime.txt")
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        print(f"{name:<24}{size / MB:>8.1f} MB")
    total = sum(sizes.values()) / MB
    print(f"{'all':<24}{total:>8.1f} MB (1 MB = 10^6 bytes, compiled bytecode included), limit {args.limit_mb:g} MB")
    if total > args.limit_mb:
        raise GateError(f"{total:.1f} MB are installed, the limit is {args.limit_mb:g} MB; see which package grew")


def installed_sizes(environment: Path, requirements: Path) -> dict[str, int]:
    """Bytes of the files of every distribution that the requirements bring into an empty environment."""
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    process = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--requirement", requirements], capture_output=True, text=True, check=False
    )
    if process.returncode:
        raise GateError(f"pip could not install {requirements.name}: {process.stderr.strip()[-1000:]}")
    listed = subprocess.run([python, "-c", LIST_SIZES], capture_output=True, text=True, check=True)
    return {name: size for name, size in json.loads(listed.stdout).items() if name not in ("pip", "setuptools")}


if __name__ == "__main__":
    run_main(main)
