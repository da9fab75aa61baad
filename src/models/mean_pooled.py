"""A BERT encoder, the mean of its last states, one linear layer: the plainest fine-tuned classifier.

Only the MiniLM baseline uses it; the guard is `dual_branch.py`. Shapes: B windows, T tokens, D width, K classes.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from ..errors import ConfigError
from .backbone import CONFIG_FILE, WEIGHTS_FILE, locate_encoder


class MeanPooledClassifier(nn.Module):
    """Mean pooling over real tokens, as all-MiniLM-L6-v2 was trained with, then dropout and a linear head."""

    def __init__(self, config: BertConfig, num_classes: int) -> None:
        super().__init__()
        self.config = config
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.classifier = nn.Linear(config.hidden_size, num_classes)

    @classmethod
    def from_encoder(cls, name: str, num_classes: int, *, seed: int, dropout: float) -> MeanPooledClassifier:
        """The encoder that `model.init_from` names (see `locate_encoder`) with a random head drawn from `seed`."""
        directory = locate_encoder(name, (CONFIG_FILE, WEIGHTS_FILE))
        config = BertConfig.from_pretrained(directory)
        if config.model_type != "bert":
            raise ConfigError(f"{name!r} is a {config.model_type} encoder, expected a BERT-shaped one; change model.init_from")
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = cls(config, num_classes)
        weights = {key.removeprefix("bert."): tensor for key, tensor in load_file(directory / WEIGHTS_FILE).items()}
        expected = network.encoder.state_dict()
        missing = sorted(set(expected) - set(weights))
        if missing:
            raise ConfigError(f"{directory / WEIGHTS_FILE} lacks {', '.join(missing[:3])}; name a BERT-shaped encoder")
        network.encoder.load_state_dict({key: weights[key] for key in expected})
        return network

    @classmethod
    def from_directory(cls, directory: Path, num_classes: int) -> MeanPooledClassifier:
        """The classifier whose config and weights the baseline's training wrote to `directory`."""
        network = cls(BertConfig.from_pretrained(directory), num_classes)
        network.load_state_dict(load_file(Path(directory) / WEIGHTS_FILE))
        return network.eval()

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """input_ids, attention_mask (B, T) int64 -> logits (B, K) FP32."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state  # (B, T, D)
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1.0)  # (B, D)
        return self.classifier(self.dropout(pooled)).float()
