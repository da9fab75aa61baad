from dataclasses import replace

import pytest
import torch

from src.config import load_config
from src.errors import ConfigError
from src.training import precision
from src.training.precision import precision_of


@pytest.fixture
def train():
    return replace(load_config().train, mixed_precision="auto")


@pytest.mark.parametrize(
    "gpu, gpu_has_bf16, flags, expected",
    [
        (False, False, {"avx512f", "avx512_bf16"}, "bf16"),
        (False, False, {"avx512f", "avx512_vnni"}, "no"),
        (False, False, set(), "no"),
        (True, True, set(), "bf16"),
        (True, False, {"avx512_bf16"}, "fp16"),
    ],
)
def test_auto_is_what_this_machine_computes_fast(train, monkeypatch, gpu, gpu_has_bf16, flags, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: gpu_has_bf16 or including_emulation)
    monkeypatch.setattr(precision, "cpu_flags", lambda: frozenset(flags))
    assert precision_of(train) == expected


def test_a_named_precision_is_taken_as_it_is(train, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert [precision_of(replace(train, mixed_precision=name)) for name in ("no", "bf16")] == ["no", "bf16"]
    with pytest.raises(ConfigError, match="fp16 needs a CUDA device"):
        precision_of(replace(train, mixed_precision="fp16"))
