"""Scorers of texts: a peer, whose package runs in a confined process (confinement.py), and the guard itself."""

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

TIMEOUT_S = 3600.0  # per set of texts
MODELS_SUBDIRECTORY = "models"  # subdirectory of the packages with the files that they would download
# Environment variables that limit each numerical library to one thread.
ONE_THREAD_VARIABLES = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON")} | {
    "TOKENIZERS_PARALLELISM": "false"
}
INHERITED_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # not the user's tokens


@dataclass(frozen=True)
class Scored:
    """Scores and times of N texts, in their order."""

    scores: list[float]  # in [0, 1], attack = 1
    ms: list[float]  # processor time of each text


class Scorer(Protocol):
    """Scores texts one at a time, with one thread where that can be set."""

    name: str
    identity: str  # identifies all that the scores depend on

    def score(self, texts: Sequence[str]) -> Scored:
        """Raises BaselineUnavailable, with the reason, where the scorer cannot be run."""
        ...


class GuardScorer:
    """The guard, under the default policy."""

    def __init__(self, predictor: Predictor, identity: str) -> None:
        self.predictor, self.name, self.identity = predictor, predictor.name, identity

    def score(self, texts: Sequence[str]) -> Scored:
        self.predictor.predict(texts[:1])  # warm-up, as in worker.py
        scored = Scored([], [])
        for text in texts:
            started = time.process_time()
            predictions = self.predictor.predict([text])
            scored.ms.append(1000 * (time.process_time() - started))
            scored.scores.append(float(predictions.p_attack[DEFAULT_POLICY][0]))
        return scored


class PeerScorer:
    """A peer, whose package is in the directory `packages`."""

    def __init__(self, peer: Peer, packages: Path, timeout_s: float = TIMEOUT_S) -> None:
        """Raises BaselineUnavailable, which says how to install it, for a package that is not there."""
        self.peer, self.name, self.packages, self.timeout_s = peer, peer.name, packages, timeout_s
        self.version = installed_version(peer, packages)
        self.identity = f"{peer.package}=={self.version}"

    def score(self, texts: Sequence[str]) -> Scored:
        with tempfile.TemporaryDirectory(prefix="tinyguardrail_peer_") as scratch:
            request = {
                "packages": str(self.packages.resolve()),
                "scratch": scratch,
                "adapter": self.peer.adapter,
                "texts": list(texts),
            }
            answer = self._query(request, self._environment(scratch))
        if "error" in answer:
            needs = f". It also needs {self.peer.also_needs}" if self.peer.also_needs else ""
            raise BaselineUnavailable(f"{answer['error']}{needs}")
        scores, ms = (_check_numbers(answer.get(key), len(texts), top) for key, top in (("scores", 1.0), ("ms", math.inf)))
        return Scored(scores, ms)

    def _environment(self, scratch: str) -> dict[str, str]:
        root = Path(__file__).resolve().parents[3]  # where `python -m` finds this package in a checkout
        return {
            **{name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ},
            **ONE_THREAD_VARIABLES,
            "PYTHONPATH": str(root),
            "PYTHONIOENCODING": "utf-8",
            "HOME": scratch,
            "TMPDIR": scratch,
            "JAILGUARD_MODEL_DIR": str((self.packages / MODELS_SUBDIRECTORY).resolve()),
        }

    def _query(self, request: dict[str, Any], environment: dict[str, str]) -> dict[str, Any]:
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
            output, errors = process.communicate(json.dumps(request), timeout=self.timeout_s)
        except subprocess.TimeoutExpired:
            raise BaselineUnavailable(f"no answer about {len(request['texts'])} texts in {self.timeout_s:.0f} s") from None
        finally:
            if process.returncode is None:  # also after Ctrl-C; kills the processes that it started as well
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        try:
            record = json.loads(output)
        except json.JSONDecodeError:
            last = errors.strip().splitlines()[-1:] or ["it said nothing"]
            raise BaselineUnavailable(f"its process ended with status {process.returncode}: {last[0]}") from None
        return record if isinstance(record, dict) else {}


def installed_version(peer: Peer, packages: Path) -> str:
    """The version of the package, read from its metadata alone. Raises BaselineUnavailable, which says how to install it."""
    for distribution in importlib.metadata.distributions(name=peer.package, path=[str(packages)]):
        return distribution.version
    needs = f"; then get {peer.also_needs}" if peer.also_needs else ""
    raise BaselineUnavailable(
        f"{peer.package} is not in {packages}; pip install --no-deps --target {packages} -r {REQUIREMENTS}{needs}"
    )


def _check_numbers(values: Any, count: int, top: float) -> list[float]:
    """The values if they are `count` numbers in [0, top]; raises BaselineUnavailable otherwise, as the sender is untrusted."""
    if isinstance(values, list) and len(values) == count:
        numbers = [value for value in values if type(value) in (int, float) and math.isfinite(value) and 0 <= value <= top]
        if len(numbers) == count:
            return [float(value) for value in numbers]
    raise BaselineUnavailable(f"expected {count} numbers from 0 to {top:g}, its process sent something else")
