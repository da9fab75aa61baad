"""What scores texts here: a peer, whose package runs in a confined process (confinement.py), and the guard itself."""

from __future__ import annotations

import importlib.metadata
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ...errors import BaselineUnavailable
from ...policy import DEFAULT_POLICY
from ..predictor import Predictor
from .catalogue import REQUIREMENTS, Peer

TIMEOUT_S = 3600.0  # for one set of texts
MODELS = "models"  # of the directory of the packages: files that packages would download
# One thread, however a package computes; the names of the libraries that may.
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON")} | {
    "TOKENIZERS_PARALLELISM": "false"
}
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # no tokens of the user


@dataclass(frozen=True)
class Scored:
    """What was said of N texts, in their order."""

    scores: list[float]  # in [0, 1], attack = 1
    ms: list[float]  # processor time of each text


class Scorer(Protocol):
    """Scores texts one at a time, with one thread where it can be told so."""

    name: str
    identity: str  # what the scores depend on

    def score(self, texts: Sequence[str]) -> Scored:
        """Raises BaselineUnavailable where it cannot be run, with the reason."""
        ...


class GuardScorer:
    """The guard, under the default policy."""

    def __init__(self, predictor: Predictor, identity: str) -> None:
        self.predictor, self.name, self.identity = predictor, predictor.name, identity

    def score(self, texts: Sequence[str]) -> Scored:
        self.predictor.predict(texts[:1])  # not the time of a text, as in worker.py
        found = Scored([], [])
        for text in texts:
            started = time.process_time()
            predictions = self.predictor.predict([text])
            found.ms.append(1000 * (time.process_time() - started))
            found.scores.append(float(predictions.p_attack[DEFAULT_POLICY][0]))
        return found


class PeerScorer:
    """A peer, whose package is in the directory `packages`."""

    def __init__(self, peer: Peer, packages: Path, timeout_s: float = TIMEOUT_S) -> None:
        """Raises BaselineUnavailable, which says how to install it, for a package that is not there."""
        self.peer, self.name, self.packages, self.timeout_s = peer, peer.name, packages, timeout_s
        self.version = installed_version(peer, packages)
        self.identity = f"{peer.package}=={self.version}"

    def score(self, texts: Sequence[str]) -> Scored:
        with tempfile.TemporaryDirectory(prefix="tinyguardrail_peer_") as scratch:
            asked = {
                "packages": str(self.packages.resolve()),
                "scratch": scratch,
                "adapter": self.peer.adapter,
                "texts": list(texts),
            }
            answer = self._ask(asked, self._environment(scratch))
        if "error" in answer:
            needs = f". It also needs {self.peer.also_needs}" if self.peer.also_needs else ""
            raise BaselineUnavailable(f"{answer['error']}{needs}")
        scores, ms = (_numbers(answer.get(key), len(texts), top) for key, top in (("scores", 1.0), ("ms", math.inf)))
        return Scored(scores, ms)

    def _environment(self, scratch: str) -> dict[str, str]:
        root = Path(__file__).resolve().parents[3]  # where `python -m` finds this package in a checkout
        return {
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            **ONE_THREAD,
            "PYTHONPATH": str(root),
            "PYTHONIOENCODING": "utf-8",
            "HOME": scratch,
            "TMPDIR": scratch,
            "JAILGUARD_MODEL_DIR": str((self.packages / MODELS).resolve()),
        }

    def _ask(self, asked: dict[str, Any], environment: dict[str, str]) -> dict[str, Any]:
        process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.worker"],
            env=environment,
            process_group=0,
            text=True,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            answer, complaints = process.communicate(json.dumps(asked), timeout=self.timeout_s)
        except subprocess.TimeoutExpired:
            raise BaselineUnavailable(f"no answer about {len(asked['texts'])} texts in {self.timeout_s:.0f} s") from None
        finally:
            if process.returncode is None:  # Ctrl-C too; with it whatever it started
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        try:
            found = json.loads(answer)
        except json.JSONDecodeError:
            last = complaints.strip().splitlines()[-1:] or ["it said nothing"]
            raise BaselineUnavailable(f"its process ended with status {process.returncode}: {last[0]}") from None
        return found if isinstance(found, dict) else {}


def installed_version(peer: Peer, packages: Path) -> str:
    """The version of the package, read from its metadata alone. Raises BaselineUnavailable, which says how to install it."""
    for found in importlib.metadata.distributions(name=peer.package, path=[str(packages)]):
        return found.version
    needs = f"; then get {peer.also_needs}" if peer.also_needs else ""
    raise BaselineUnavailable(
        f"{peer.package} is not in {packages}; pip install --no-deps --target {packages} -r {REQUIREMENTS}{needs}"
    )


def _numbers(values: Any, count: int, top: float) -> list[float]:
    """The values if they are `count` numbers in [0, top]: the process that sent them is not trusted with more."""
    if isinstance(values, list) and len(values) == count:
        numbers = [value for value in values if type(value) in (int, float) and math.isfinite(value) and 0 <= value <= top]
        if len(numbers) == count:
            return [float(value) for value in numbers]
    raise BaselineUnavailable(f"expected {count} numbers from 0 to {top:g}, its process sent something else")
