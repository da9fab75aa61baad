from dataclasses import replace
from pathlib import Path

import pytest
import torch

from src.checkpoint import load_best_model
from src.config import Config, QuantizationConfig, to_dict
from src.errors import ConfigError
from src.evaluation.predictor import TorchPredictor
from src.models.dual_branch import TinyGuardrail
from src.models.quantized import quantize_rows
from src.run import RunPaths
from src.training.checkpoint import save_best_model
from src.training.soup import greedy_members, save_soup
from tests.e2e.resume_driver import tiny_config


def saved(cfg: Config, seed: int, root: Path) -> Path:
    """A best_model.pth of random weights."""
    torch.manual_seed(seed)
    paths = RunPaths(root / f"seed_{seed}")
    state = TinyGuardrail(cfg.model).state_dict()
    save_best_model(paths.best_model, paths.safetensors, model=state, config=to_dict(cfg), progress={"epoch": 1})
    return paths.best_model


def test_a_greedy_soup_starts_from_the_best_run_and_leaves_out_what_makes_it_worse():
    quality = {(0,): 0.5, (1,): 0.7, (2,): 0.6, (3,): 0.6, (1, 2): 0.65, (1, 3): 0.8, (1, 3, 0): 0.81}
    asked = []

    def of_mean(members):
        asked.append(tuple(members))
        return quality[tuple(members)]

    assert greedy_members(4, of_mean) == [1, 3, 0]
    assert asked == list(quality)
    assert greedy_members(2, lambda members: [0.9, 0.5][members[0]] if len(members) == 1 else 0.9) == [0]  # equal is not better


def test_a_soup_has_the_mean_of_all_weights_and_no_calibration(tmp_path, tiny_encoder_dir):
    cfg = replace(tiny_config(str(tiny_encoder_dir), tmp_path), quantization=QuantizationConfig(start_epoch=0))
    models = [saved(cfg, seed, tmp_path) for seed in (1, 2, 3)]
    drawn = torch.get_rng_state()
    paths = save_soup(models, tmp_path / "soup")
    assert torch.equal(torch.get_rng_state(), drawn)
    soup, *states = (load_best_model(path) for path in (paths.best_model, *models))
    for name, weight in soup["model"].items():
        torch.testing.assert_close(weight, torch.stack([state["model"][name] for state in states]).mean(dim=0))
    assert soup["calibration"] is None and soup["config"]["run"]["output_dir"] == str(tmp_path / "soup")
    assert soup["progress"] == {"mean_of": [str(path) for path in models]}
    TorchPredictor.from_checkpoint(paths.best_model).predict(["a text"])


def test_after_quantisation_aware_training_the_mean_is_rounded_to_what_int8_rows_stand_for(tmp_path, tiny_encoder_dir):
    cfg = replace(tiny_config(str(tiny_encoder_dir), tmp_path), quantization=QuantizationConfig(start_epoch=1))
    paths = save_soup([saved(cfg, seed, tmp_path) for seed in (1, 2)], tmp_path / "soup")
    weight = load_best_model(paths.best_model)["model"]["fast.layers.0.query.weight"]
    integers, scale = quantize_rows(weight)
    torch.testing.assert_close(integers.float() * scale.unsqueeze(-1), weight)


def test_models_of_different_shapes_are_refused_before_anything_is_written(tmp_path, tiny_encoder_dir):
    cfg = tiny_config(str(tiny_encoder_dir), tmp_path)
    wide = replace(cfg, model=replace(cfg.model, d_ff=2 * cfg.model.d_ff))
    models = [saved(cfg, 1, tmp_path), saved(wide, 2, tmp_path)]
    with pytest.raises(ConfigError, match="seed_2.*has another `model` configuration than .*seed_1"):
        save_soup(models, tmp_path / "soup")
    assert not (tmp_path / "soup").exists()
