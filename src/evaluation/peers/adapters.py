"""How each package is asked: a function that loads it and returns one from a text to a score in [0, 1].

Only the confined process of worker.py calls them. Long texts are left to the package: it cuts or splits as it does for its users.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

Score = Callable[[str], float]


def stackone() -> Score:
    """The classifier of StackOne Defender; texts are split into sentences, packed to 256 tokens each, and the maximum counts."""
    from stackone_defender.classifiers.tier2_classifier import Tier2Classifier

    from ...runtime.artifact import graph_session

    classifier = Tier2Classifier()
    classifier.warmup()
    model = Path(classifier.get_config()["onnx_model_path"]) / "model_quantized.onnx"
    classifier._onnx._session = graph_session(model)  # it opens one with as many threads as there are cores

    def score(text: str) -> float:
        found = classifier.classify_by_chunks(text)
        reason = found.get("skip_reason", "")
        # It passes what is too short to judge. Anything else that it skips is a failure, which it would report as harmless.
        if found["skipped"] and not (reason == "Text below minTextLength" or reason == "No classifiable sentences"):
            raise RuntimeError(reason)
        return found["score"]

    return score


def guardify() -> Score:
    """TF-IDF and logistic regression. Its score is the confidence in its label, whichever that is.

    Both are pickles of scikit-learn 1.7.2; with 1.9.1, which warns of that, 116 texts had the same scores.
    """
    from guardify import LogisticRegressionGuardrail

    guard = LogisticRegressionGuardrail()

    def score(text: str) -> float:
        found = guard.predict(text)
        return found["score"] if found["label"] == "injection" else 1.0 - found["score"]

    return score


def nanoguard() -> Score:
    """A small transformer. Its weights are read with weights_only, its tokenizer is a pickle of the package tiktoken."""
    from nanoguard import NanoGuard

    guard = NanoGuard(device="cpu")
    return lambda text: guard.scan(text).injection_score


def jailguard() -> Score:
    """A head on sentence embeddings, compiled from Rust. The encoder is no part of the package, see catalogue.py."""
    import jailguard

    if not (Path(os.environ["JAILGUARD_MODEL_DIR"]) / "all-MiniLM-L6-v2.onnx").is_file():
        raise FileNotFoundError(f"no all-MiniLM-L6-v2.onnx in {os.environ['JAILGUARD_MODEL_DIR']}")
    return jailguard.score


def picket() -> Score:
    """Signatures: a text has a finding or it has none."""
    from aicordon import picket

    detector = picket.load()
    return lambda text: float(detector.check(text).flagged)


def injectionguard() -> Score:
    """Rules: the threat level of the worst match, as a share of the highest level there is."""
    from injectionguard.detector import Detector
    from injectionguard.types import LEVEL_ORDER

    detector = Detector()
    return lambda text: LEVEL_ORDER.index(detector.scan(text).threat_level) / (len(LEVEL_ORDER) - 1)
