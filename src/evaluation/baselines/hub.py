"""Published guards of the Hugging Face Hub, as their authors meant them to be run.

A guard with two classes gives one score: P(attack label), of a long text the maximum over overlapping windows of the
guard's own length. It has no policies, so both use that score. Only safetensors are read and code of the Hub is never
run: a guard that needs either is reported as not run. Where that code is only a head, the head is built here.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from ...errors import BaselineUnavailable, ConfigError, did_you_mean
from ...hub import download_snapshot
from ...labels import NUM_FAMILIES, NUM_LABELS, Family, Label
from ...progress import with_progress
from ...runtime.calibration import Calibration
from ...text.chars import replace_lone_surrogates
from ..predictor import Predictions, no_predictions
from .five_classes import maximum_over_windows

CONFIG_PATTERNS = ["config.json"]
MODEL_PATTERNS = [
    "config.json",
    "model*.safetensors",
    "model.safetensors.index.json",
    "tokenizer*.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "spm.model",
    "vocab.txt",
]
WINDOW_OVERLAP_TOKENS = 64  # tokens that neighbouring windows share, as in the guard's own presets
TEXTS_PER_TOKENIZER_CALL = 256  # texts in one call of the tokenizer
ARGMAX_THRESHOLD = 0.5  # of two classes the one with the larger probability


@dataclass(frozen=True, kw_only=True)
class HubModel:
    """Where a guard lies and how its authors read its scores."""

    place: str  # Hub id or directory
    revision: str | None = None  # commit; None: the newest, whose commit is recorded
    attack_label: int
    label_names: tuple[str, ...] = ()  # what config.json must call the classes; empty: not checked
    threshold: float = ARGMAX_THRESHOLD
    threshold_source: str = "argmax, no threshold published"
    max_tokens: int | None = None  # None: what the model's own files say
    licence: str = "unknown"
    is_gated: bool = False
    # Name of the encoder in transformers, for a guard whose own class (code on the Hub) is a linear layer on the first token.
    encoder: str | None = None


_PROMPT_GUARD_2 = HubModel(
    place="",
    attack_label=1,
    label_names=("LABEL_0", "LABEL_1"),
    threshold=0.9,
    threshold_source="default of LlamaFirewall's PromptGuardScanner (its model card uses argmax)",
    max_tokens=512,
    licence="Llama 4 Community",
    is_gated=True,
)
KNOWN_GUARDS: dict[str, HubModel] = {
    "promptguard2-22m": replace(_PROMPT_GUARD_2, place="meta-llama/Llama-Prompt-Guard-2-22M"),
    "promptguard2-86m": replace(_PROMPT_GUARD_2, place="meta-llama/Llama-Prompt-Guard-2-86M"),
    "protectai-v2": HubModel(
        place="protectai/deberta-v3-base-prompt-injection-v2",
        revision="89b085cd330414d3e7d9dd787870f315957e1e9f",  # the one that llm-guard pins
        attack_label=1,
        label_names=("SAFE", "INJECTION"),
        threshold=0.92,
        threshold_source="default of llm-guard's PromptInjection scanner, by the same authors",
        max_tokens=512,
        licence="Apache-2.0",
    ),
    "piguard": HubModel(
        place="leolee99/PIGuard",
        revision="dd78b24e330193a22d2293ac66922dd4f982f563",
        attack_label=1,
        label_names=("benign", "injection"),
        threshold_source="argmax, as its model card",
        max_tokens=512,
        licence="MIT",
        encoder="deberta-v2",
    ),
    "sentinel": HubModel(
        place="qualifire/prompt-injection-sentinel",
        attack_label=1,
        label_names=("benign", "jailbreak"),
        threshold_source="argmax, as its model card",
        max_tokens=8192,
        licence="Elastic-2.0",
        is_gated=True,
    ),
}


def parse_hub_guard(word: str) -> tuple[str, HubModel]:
    """The name that tables show and the guard that a word of the command line means.

    NAME is a known guard, NAME=PLACE a known guard in another place (a copy in a directory), PLACE#INDEX any
    text-classification model, INDEX being the class that is the attack. Raises ConfigError for anything else.
    """
    name, _, place = word.partition("=")
    if name in KNOWN_GUARDS:
        # A copy has no commit of the Hub.
        return name, replace(KNOWN_GUARDS[name], place=place, revision=None) if place else KNOWN_GUARDS[name]
    place, _, index = word.rpartition("#")
    if place and index.isdigit():
        return Path(place).name, HubModel(place=place, attack_label=int(index))
    hint = did_you_mean(name, KNOWN_GUARDS)
    raise ConfigError(
        f"unknown guard {word!r}; expected {', '.join(KNOWN_GUARDS)}, NAME=DIRECTORY for a copy of one of them, or "
        "PLACE#INDEX, the place being a directory or Hub id and the index the number of the class that is the attack"
        + (hint and f"; {hint}")
    )


class HubGuard:
    """One text-classification model behind the `Predictor` protocol."""

    def __init__(self, name: str, model: HubModel, network: Any, tokenizer: Any, max_tokens: int, commit: str | None) -> None:
        self.name, self.model, self.network, self.tokenizer, self.max_tokens = name, model, network, tokenizer, max_tokens
        self.calibration = Calibration()
        self.about = {**asdict(model), "max_tokens": max_tokens, "window_overlap": self._overlap, "commit": commit}
        self.batch_size = 32
        # Predictions on the last texts, which the same guard at another threshold shares.
        self._last_predictions: dict[tuple[str, ...], Predictions] = {}

    @classmethod
    def load(cls, name: str, model: HubModel) -> Self:
        """Raises BaselineUnavailable, with the reason, for a guard that cannot be loaded or must not be run."""
        import torch
        from huggingface_hub.errors import StrictDataclassError
        from safetensors import SafetensorError
        from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
        from transformers.utils import logging as library_logging

        library_logging.disable_progress_bar()  # of reading one file
        config = _read_config(_fetch(model, CONFIG_PATTERNS) / "config.json", model.place)
        _check_config(config, model)
        directory = _fetch(model, MODEL_PATTERNS)
        if not any(directory.glob("model*.safetensors")):
            raise BaselineUnavailable(f"{model.place} has no safetensors weights, and other formats can run code")
        encoder_config = {key: value for key, value in config.items() if key not in ("architectures", "auto_map", "model_type")}
        try:
            options = {"config": AutoConfig.for_model(model.encoder, **encoder_config)} if model.encoder else {}
            tokenizer = AutoTokenizer.from_pretrained(directory, trust_remote_code=False, use_fast=True)
            network, info = AutoModelForSequenceClassification.from_pretrained(
                directory,
                trust_remote_code=False,
                use_safetensors=True,
                dtype=torch.float32,
                output_loading_info=True,
                **options,
            )
        except (OSError, ValueError, RuntimeError, KeyError, ImportError, SafetensorError, StrictDataclassError) as error:
            raise BaselineUnavailable(f"{model.place} cannot be loaded by transformers: {_first_line(error)}") from error
        unused_prefix = "pooler." if model.encoder else None  # a head of transformers has a pooler, the guard's head has none
        missing = sorted(key for key in info["missing_keys"] if not (unused_prefix and key.startswith(unused_prefix)))
        if missing:
            raise BaselineUnavailable(f"{model.place} has no weights for {', '.join(missing[:3])}: its scores would be random")
        if model.encoder:
            network.pooler = _first_token_pooler()
        if not tokenizer.is_fast or tokenizer.pad_token is None:
            raise BaselineUnavailable(f"{model.place} has no fast tokenizer with a padding token, which windows need")
        device = "cuda" if torch.cuda.is_available() else "cpu"
        commit = directory.name if re.fullmatch("[0-9a-f]{40}", directory.name) else None
        return cls(name, model, network.to(device).eval(), tokenizer, _max_tokens(model, config, tokenizer), commit)

    @property
    def identity(self) -> str | None:
        """What its scores depend on; None for a copy in a directory, whose files may change."""
        commit = self.about["commit"]
        return commit and f"{self.model.place}@{commit}:{self.model.attack_label}:{self.max_tokens}:{self.batch_size}"

    def at_published_threshold(self, fpr_budget: float) -> Self:
        """The same guard and scores under another name, with the threshold that its authors use."""
        other = copy.copy(self)
        other.name = f"{self.name}@{self.model.threshold:g}"
        other.calibration = Calibration.fixed(self.model.threshold, fpr_budget, other.name)
        return other

    def predict(self, texts: Sequence[str], *, desc: str | None = None) -> Predictions:
        """Scores of N texts, in order. `desc` titles a progress bar; None shows none. Raises GuardrailError for NaN."""
        if len(texts) == 0:
            return no_predictions()
        key = tuple(texts)
        if key not in self._last_predictions:
            self._last_predictions.clear()
            self._last_predictions[key] = self._predict(texts, desc)
        return self._last_predictions[key]

    def _predict(self, texts: Sequence[str], desc: str | None) -> Predictions:
        input_ids, text_index = self._windows(texts)
        lengths = np.array([len(ids) for ids in input_ids])
        scores = np.empty(len(input_ids))
        order = np.argsort(-lengths, kind="stable")
        starts = range(0, len(order), self.batch_size)
        for start in with_progress(starts, desc, "batches"):
            indices = order[start : start + self.batch_size]
            scores[indices] = self._p_attack([input_ids[i] for i in indices])
        class_probs, family_probs = np.zeros((len(scores), NUM_LABELS)), np.zeros((len(scores), NUM_FAMILIES))
        # The guard does not tell kinds of attacks apart; DIRECT_INJECTION counts under both policies.
        class_probs[:, Label.BENIGN], class_probs[:, Label.DIRECT_INJECTION] = 1.0 - scores, scores
        family_probs[:, Family.UNKNOWN] = 1.0
        predictions = maximum_over_windows(class_probs, family_probs, text_index, lengths)
        predictions.check(len(texts), self.name)
        return predictions

    @property
    def _overlap(self) -> int:
        return min(WINDOW_OVERLAP_TOKENS, self.max_tokens // 4)

    def _windows(self, texts: Sequence[str]) -> tuple[list[list[int]], list[int]]:
        """Token ids of every window, special tokens included, and the text that each was cut from, ascending."""
        input_ids: list[list[int]] = []
        text_index: list[int] = []
        for first in range(0, len(texts), TEXTS_PER_TOKENIZER_CALL):
            chunk = [replace_lone_surrogates(text) for text in texts[first : first + TEXTS_PER_TOKENIZER_CALL]]
            encoded = self.tokenizer(
                chunk, truncation=True, max_length=self.max_tokens, stride=self._overlap, return_overflowing_tokens=True
            )
            input_ids += encoded["input_ids"]
            text_index += [first + index for index in encoded["overflow_to_sample_mapping"]]
        return input_ids, text_index

    def _p_attack(self, input_ids: Sequence[Sequence[int]]) -> np.ndarray:
        """(B,) probability of the attack label."""
        import torch

        batch = self.tokenizer.pad({"input_ids": input_ids}, return_tensors="pt").to(self.network.device)
        with torch.inference_mode():
            logits = self.network(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        return logits.double().softmax(dim=-1)[:, self.model.attack_label].cpu().numpy()


def _fetch(model: HubModel, patterns: list[str]) -> Path:
    """The directory with the files of a guard: its own, or that of the Hub's cache after a download."""
    from huggingface_hub.errors import GatedRepoError, HFValidationError, HTTPError, LocalEntryNotFoundError

    if Path(model.place).is_dir():
        return Path(model.place)
    try:
        return download_snapshot(model.place, patterns, revision=model.revision)
    except GatedRepoError as error:
        raise BaselineUnavailable(
            f"{model.place} is gated; accept its licence at https://huggingface.co/{model.place} and set HF_TOKEN"
        ) from error
    except HFValidationError as error:
        raise BaselineUnavailable(f"{model.place} is neither a directory nor a Hub id") from error
    except (HTTPError, OSError, ValueError) as error:  # no such repository or revision, no network, an answer that is no JSON
        offline = isinstance(error, LocalEntryNotFoundError)
        why = "the Hub cannot be reached or is switched off" if offline else f"{type(error).__name__}: {_first_line(error)}"
        gated = "; it is gated, so HF_TOKEN is needed as well" if model.is_gated else ""
        raise BaselineUnavailable(f"{model.place} is not on this machine and could not be downloaded: {why}{gated}") from error


def _read_config(path: Path, place: str) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BaselineUnavailable(f"{place} has no readable config.json: {_first_line(error)}") from error


def _check_config(config: dict[str, Any], model: HubModel) -> None:
    """Raise BaselineUnavailable for remote code and for an unexpected label order, which would invert the scores."""
    if config.get("auto_map") and model.encoder is None:
        raise BaselineUnavailable(f"{model.place} needs code from the Hub (auto_map in its config.json), which is never run")
    names = {int(index): name for index, name in config.get("id2label", {0: "LABEL_0", 1: "LABEL_1"}).items()}
    classes = tuple(names[index] for index in sorted(names))
    if model.label_names and tuple(map(str.lower, classes)) != tuple(map(str.lower, model.label_names)):
        raise BaselineUnavailable(f"{model.place}: expected the classes {list(model.label_names)}, found {list(classes)}")
    if model.attack_label not in names or len(names) < 2:
        raise BaselineUnavailable(
            f"{model.place} has the classes {list(classes)}; number {model.attack_label} is no class of two"
        )


def _first_token_pooler() -> Any:
    """A pooler that gives the last hidden state of the first token: (B, T, d) -> (B, d)."""
    import torch

    class FirstToken(torch.nn.Module):
        def forward(self, hidden: torch.Tensor) -> torch.Tensor:
            return hidden[:, 0]

    return FirstToken()


def _max_tokens(model: HubModel, config: dict[str, Any], tokenizer: Any) -> int:
    """The longest window: as the authors say, but never more than the positions or the tokenizer allow."""
    limits = [model.max_tokens, config.get("max_position_embeddings"), tokenizer.model_max_length]
    return min(limit for limit in limits if limit)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
