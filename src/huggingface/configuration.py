"""config.json of the Hugging Face form: the network's switches, its calibration and the names of its classes."""

from __future__ import annotations

from typing import Any, cast

from transformers import PreTrainedConfig

from ..config import Config, ModelConfig, from_dict, to_dict
from ..errors import ArtifactError, ConfigError
from ..labels import Family, Label
from ..runtime.calibration import Calibration

# Keys about the start of training. Loading does not need them, and a published file must not hold paths of the training machine.
TRAINING_KEYS = ("init_from", "tokenizer_from", "upcycling_noise")


class TinyGuardrailConfig(PreTrainedConfig):
    """The configuration of `TinyGuardrailForSequenceClassification`.

    `network` holds the fields of `ModelConfig`, `calibration` those of `Calibration`: the routing threshold, the temperature
    that the logits are to be divided by, and the alarm threshold of each policy and false-alarm budget. `families` names
    the columns of `family_logits`, `id2label` those of `logits`.
    """

    model_type = "tinyguardrail"

    def __init__(self, network: dict[str, Any] | None = None, calibration: dict[str, Any] | None = None, **kwargs: Any) -> None:
        """Raises ArtifactError when either part is missing or does not fit, or the labels are not this version's."""
        if not isinstance(network, dict) or not isinstance(calibration, dict):
            raise ArtifactError(
                f"expected network and calibration in the config of a {self.model_type} model, found network of type "
                f"{type(network).__name__} and calibration of type {type(calibration).__name__}; write the directory again with "
                "scripts/save_pretrained.py"
            )
        self.network, self.calibration = network, calibration
        self.families = kwargs.pop("families", Family.names())
        kwargs.setdefault("id2label", dict(enumerate(Label.names())))
        kwargs.setdefault("label2id", {name: index for index, name in enumerate(Label.names())})
        kwargs.setdefault("problem_type", "single_label_classification")
        super().__init__(**kwargs)
        self._check()

    @classmethod
    def of(cls, model: ModelConfig, calibration: Calibration) -> TinyGuardrailConfig:
        """The config of a trained network."""
        network = to_dict(Config(model=model))["model"]
        return cls({key: value for key, value in network.items() if key not in TRAINING_KEYS}, calibration.to_dict())

    def model_config(self) -> ModelConfig:
        """The network's switches. Raises ArtifactError for a key or value that this version does not know."""
        try:
            return from_dict({"model": self.network}).model
        except ConfigError as error:
            raise ArtifactError(f"config.json of the model: {error}; use the version of TinyGuardrail that wrote it") from error

    def _check(self) -> None:
        self.model_config()
        Calibration.from_dict(self.calibration)
        id2label = cast("dict[int, str]", self.id2label)
        names = [id2label.get(index) for index in range(self.num_labels or 0)]
        for key, actual, expected in (("id2label", names, Label.names()), ("families", self.families, Family.names())):
            if actual != expected:
                raise ArtifactError(
                    f"config.json of the model: expected {key} {expected}, found {actual}; write the directory again with "
                    "scripts/save_pretrained.py"
                )
