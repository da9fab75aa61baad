"""Parameter groups and the schedule of the learning rate."""

from dataclasses import replace

import pytest

from src.config import Config, OptimConfig
from src.models.backbone import build_model
from src.training.optimizer import build_optimizer, lr_factor
from tests.training_run import training_config


@pytest.fixture
def cfg(tiny_encoder_dir, tmp_path) -> Config:
    return training_config(tiny_encoder_dir, tmp_path)


def test_parameter_groups(cfg):
    model = build_model(cfg.model)
    optim = OptimConfig(learning_rate=1.0, weight_decay=0.1, new_layer_lr_multiplier=5.0, char_lr_multiplier=0.25)
    groups = build_optimizer(model, optim, is_pretrained=True).param_groups
    settings = {id(p): (group["lr"], group["weight_decay"]) for group in groups for p in group["params"]}
    assert len(settings) == len(list(model.parameters()))
    found = {name: settings[id(p)] for name, p in model.named_parameters()}
    assert found["fast.layers.0.query.weight"] == (1.0, 0.1)
    assert found["fast.layers.0.query.bias"] == found["fast.layers.0.ffn_norm.weight"] == (1.0, 0.0)
    assert found["embeddings.token.weight"] == found["embeddings.position.weight"] == (1.0, 0.0)
    new = [name for name, (lr, _) in found.items() if lr == 5.0]
    assert {name.split(".")[0] for name in new} == {"router", "fast", "deep"}
    assert {name for name, (lr, _) in found.items() if lr == 0.25} == {n for n in found if "char_cnn" in n}
    assert {"deep.layers.1.ffn.gate.weight", "fast.family.bias"} <= set(new)
    assert not any("experts" in name or "query" in name for name in new)
    assert groups[0]["lr"] == 1.0
    scratch = build_optimizer(model, optim, is_pretrained=False).param_groups
    assert {group["lr"] for group in scratch} == {1.0}


def test_the_tables_of_a_pretrained_encoder_can_have_their_own_learning_rate_or_stay_as_they_are(cfg):
    model = build_model(cfg.model)
    tables = {id(model.embeddings.token.weight), id(model.embeddings.position.weight)}

    def rates(multiplier: float, *, is_pretrained: bool = True) -> set[float]:
        optim = OptimConfig(learning_rate=1.0, table_lr_multiplier=multiplier)
        groups = build_optimizer(model, optim, is_pretrained=is_pretrained).param_groups
        return {group["lr"] for group in groups for parameter in group["params"] if id(parameter) in tables}

    assert rates(0.5) == {0.5}
    assert rates(0) == set()
    assert [name for name, parameter in model.named_parameters() if not parameter.requires_grad] == [
        "embeddings.token.weight",
        "embeddings.position.weight",
    ]
    assert rates(0, is_pretrained=False) == {1.0}
    assert all(parameter.requires_grad for parameter in model.parameters())


@pytest.mark.parametrize("deep_input", ["embeddings", "fast"])
def test_lower_layers_learn_more_slowly(cfg, deep_input):
    model = build_model(replace(cfg.model, deep_input=deep_input))  # one fast layer, two deep ones
    optim = OptimConfig(learning_rate=1.0, layer_lr_decay=0.5, new_layer_lr_multiplier=5.0, table_lr_multiplier=0.25)
    groups = build_optimizer(model, optim, is_pretrained=True, layers=model.layers_by_depth()).param_groups
    rates = {id(parameter): group["lr"] for group in groups for parameter in group["params"]}
    found = {name: rates[id(parameter)] for name, parameter in model.named_parameters()}
    num_layers = 3 if deep_input == "fast" else 2
    assert found["deep.layers.1.query.weight"] == 1.0
    assert found["deep.layers.0.query.weight"] == 0.5
    assert found["fast.layers.0.query.weight"] == 0.5 ** (num_layers - 1)
    assert found["embeddings.token.weight"] == 0.25 * 0.5**num_layers
    assert found["embeddings.norm.weight"] == 0.5**num_layers
    assert found["fast.classifier.weight"] == found["deep.classifier.weight"] == 5.0


def test_learning_rate_warms_up_and_falls_to_its_floor():
    cfg = OptimConfig(warmup_ratio=0.1, min_lr_ratio=0.05)
    factors = [lr_factor(step, 100, cfg) for step in range(101)]
    assert 0 < factors[0] < factors[5] < factors[10] == max(factors) == 1.0
    assert all(a >= b for a, b in zip(factors[10:], factors[11:], strict=False))
    assert factors[55] == pytest.approx(0.05 + 0.95 / 2) and factors[100] == pytest.approx(0.05)
    assert all(0 < lr_factor(step, 1, cfg) <= 1 for step in (0, 1))
