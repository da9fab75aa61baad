"""One function per package: it loads the package and returns a function from a text to a score in [0, 1].

Only the confined process of worker.py calls them. The package truncates or splits long texts as it does for its users.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

ScoreFunction = Callable[[str], float]


def stackone() -> ScoreFunction:
    """The classifier of StackOne Defender; texts are split into sentences, packed to 256 tokens each, and the maximum counts."""
    from stackone_defender.classifiers.tier2_classifier import Tier2Classifier

    from ...runtime.artifact import graph_session

    classifier = Tier2Classifier()
    classifier.warmup()
    model = Path(classifier.get_config()["onnx_model_path"]) / "model_quantized.onnx"
    classifier._onnx._session = graph_session(model)  # the package's own session uses one thread per core

    def score(text: str) -> float:
        result = classifier.classify_by_chunks(text)
        reason = result.get("skip_reason", "")
        # Texts that are too short pass. Any other skipped text is a failure, which the package would report as harmless.
        if result["skipped"] and not (reason == "Text below minTextLength" or reason == "No classifiable sentences"):
            raise RuntimeError(reason)
        return result["score"]

    return score


def guardify() -> ScoreFunction:
    """TF-IDF and logistic regression. Its score is the confidence in the predicted label.

    Both are pickles of scikit-learn 1.7.2; with 1.9.1, which warns of that, 116 texts had the same scores.
    """
    from guardify import LogisticRegressionGuardrail

    guard = LogisticRegressionGuardrail()

    def score(text: str) -> float:
        result = guard.predict(text)
        return result["score"] if result["label"] == "injection" else 1.0 - result["score"]

    return score


def nanoguard() -> ScoreFunction:
    """A small transformer. Its weights are read with weights_only, its tokenizer is a pickle of the package tiktoken."""
    from nanoguard import NanoGuard

    guard = NanoGuard(device="cpu")
    return lambda text: guard.scan(text).injection_score


def jailguard() -> ScoreFunction:
    """A head on sentence embeddings, compiled from Rust. The package lacks the encoder, see catalogue.py."""
    import jailguard

    if not (Path(os.environ["JAILGUARD_MODEL_DIR"]) / "all-MiniLM-L6-v2.onnx").is_file():
        raise FileNotFoundError(f"no all-MiniLM-L6-v2.onnx in {os.environ['JAILGUARD_MODEL_DIR']}")
    return jailguard.score


def picket() -> ScoreFunction:
    """Signatures: the score is 1 for a text with a finding, else 0."""
    from aicordon import picket

    detector = picket.load()
    return lambda text: float(detector.check(text).flagged)


def injectionguard() -> ScoreFunction:
    """Rules: the threat level of the worst match, as a share of the highest level there is."""
    from injectionguard.detector import Detector
    from injectionguard.types import LEVEL_ORDER

    detector = Detector()
    return lambda text: LEVEL_ORDER.index(detector.scan(text).threat_level) / (len(LEVEL_ORDER) - 1)
