"""Training can start from a guard that was exported: every weight comes back, and only into the network that it was made for."""

import shutil
from dataclasses import replace

import onnx
import pytest
import torch

from src.errors import ArtifactError, ConfigError
from src.export.artifact import ONNX_FILES
from src.export.onnx import build_onnx
from src.export.weights import load_exported_guard, read_weights
from src.models.dual_branch import TinyGuardrail
from src.models.quantized import quantize_rows
from src.runtime.artifact import read_artifact_config
from src.runtime.calibration import Calibration
from src.training.start import start_model
from tests.unit.test_export import VARIANTS, random_model

CALIBRATED = Calibration(thresholds={"override": {"0.01": 0.5}, "full": {"0.01": 0.5}})


@pytest.fixture
def exported(exported_dir, tmp_path):
    return shutil.copytree(exported_dir, tmp_path / "guard")


@pytest.mark.parametrize("name", VARIANTS)
def test_every_weight_comes_back_as_the_file_computes_with_it(tiny_model_config, tmp_path, name):
    cfg = replace(tiny_model_config, **VARIANTS[name])
    model, path = random_model(cfg), tmp_path / "model_int8.onnx"
    onnx.save(build_onnx(model, precision="int8", calibration=CALIBRATED, metadata={}), path)
    weights = read_weights(path, cfg, CALIBRATED)
    assert set(weights) == {name for name, _ in model.named_parameters()}
    for name, parameter in model.named_parameters():
        values = parameter.detach()
        if not torch.equal(weights[name], values):
            rows, scales = quantize_rows(values)
            assert torch.equal(weights[name], rows.float() * scales[..., None]), name


def test_a_run_starts_with_the_answers_of_the_guard(exported, tiny_model_config):
    cfg = replace(tiny_model_config, init_from=str(exported))
    model = start_model(cfg).eval()
    calibration = Calibration.from_dict(read_artifact_config(exported)["calibration"])
    again = read_weights(exported / ONNX_FILES["int8"], tiny_model_config, calibration)
    assert model.cfg == cfg
    assert all(torch.equal(tensor, again[name]) for name, tensor in model.named_parameters())
    assert not torch.equal(model.fast.classifier.weight, TinyGuardrail(cfg).fast.classifier.weight)


def test_another_network_is_refused(exported, tiny_model_config):
    cfg = replace(tiny_model_config, init_from=str(exported), num_heads=tiny_model_config.num_heads * 2)
    with pytest.raises(ConfigError, match=f"that guard has model.num_heads={tiny_model_config.num_heads}, this configuration"):
        start_model(cfg)


def test_a_damaged_file_is_refused(exported, tiny_model_config):
    path = exported / ONNX_FILES["int8"]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ArtifactError, match="the file is damaged or from another export"):
        load_exported_guard(tiny_model_config, exported)


def test_a_graph_of_another_version_is_refused(tiny_model_config, tmp_path):
    path = tmp_path / "model_int8.onnx"
    proto = build_onnx(random_model(tiny_model_config), precision="int8", calibration=CALIBRATED, metadata={})
    proto.graph.initializer[0].name += "_renamed"
    onnx.save(proto, path)
    with pytest.raises(ArtifactError, match="is not the one that this version writes"):
        read_weights(path, tiny_model_config, CALIBRATED)
