"""The scripts that write exported forms: what they leave is served, and what fails its gate is not."""

import sys
from dataclasses import replace

import pytest

import export_onnx
import optimize_model
from scripts import save_pretrained
from src.config import EvalConfig, to_dict
from src.data.schema import Example
from src.errors import ArtifactError, CheckpointError, ConfigError, GateError
from src.export.artifact import TrainedGuard, save_artifact
from src.files import read_json
from src.labels import Family, Label
from src.runtime import Guard, canaries
from src.training.checkpoint import save_best_model
from tests.conftest import small_guard

TEXTS = [*canaries.BENIGN, *canaries.ATTACKS]


@pytest.fixture(scope="module")
def guard(tiny_model_config, tokenizer):
    guard = small_guard(tiny_model_config, tokenizer, steps=30)
    return replace(guard, cfg=replace(guard.cfg, eval=EvalConfig(parity_rows=4, latency_runs=2, max_decision_flips=1.0)))


@pytest.fixture(scope="module")
def checkpoint(guard, tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "best_model.pth"
    state = {"model": guard.model.state_dict(), "config": to_dict(guard.cfg), "progress": {}}
    save_best_model(path, path.with_name("model.safetensors"), **state, calibration=guard.calibration.to_dict())
    return path


@pytest.fixture
def call(monkeypatch, checkpoint):
    def call(script, *words):
        monkeypatch.setattr(sys, "argv", [script.__name__, "--model_path", str(checkpoint), *map(str, words)])
        script.main()

    return call


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_one_exported_file_is_served_with_what_stands_beside_it(call, guard, tmp_path, capsys, precision):
    file = tmp_path / "deep" / "guard.onnx"
    call(export_onnx, "--output_path", file, "--precision", precision)
    served = Guard.load(file.parent, file=file.name)
    assert [served(text).threat for text in TEXTS] == [False] * len(canaries.BENIGN) + [True] * len(canaries.ATTACKS)
    assert f"{file}: 0." in capsys.readouterr().out
    with pytest.raises(ArtifactError, match=r"no model at .*model_int8.onnx.*has \['guard.onnx'\]"):
        Guard.load(file.parent)


def test_an_export_of_other_files_in_the_directory_is_not_replaced(call, guard, tmp_path):
    save_artifact(guard, tmp_path)
    with pytest.raises(ConfigError, match="a directory without another export, found model.onnx, model_int8.onnx"):
        call(export_onnx, "--output_path", tmp_path / "mine.onnx")
    assert Guard.load(tmp_path) and not (tmp_path / "mine.onnx").exists()


@pytest.mark.parametrize("words", [["train.epochs=7"], ["--config", "configs/quick.yaml"]])
def test_a_script_without_a_configuration_takes_none(call, tmp_path, words):
    with pytest.raises(SystemExit) as stopped:
        call(export_onnx, "--output_path", tmp_path / "guard.onnx", *words)
    assert stopped.value.code == 2 and not list(tmp_path.iterdir())


def test_what_the_guard_is_does_not_change_on_export(call, tmp_path):
    with pytest.raises(ConfigError, match="loss.focal_gamma: 2.0 there, 9.0 now"):
        call(optimize_model, "--output_dir", tmp_path / "export", "loss.focal_gamma=9")


def test_an_exported_file_that_differs_from_the_checkpoint_is_not_served(call, tmp_path, monkeypatch):
    monkeypatch.setattr(export_onnx, "TOLERANCE", {"int8": 1e-9})
    with pytest.raises(GateError, match="the limit is 1e-09"):
        call(export_onnx, "--output_path", tmp_path / "guard.onnx")
    with pytest.raises(ArtifactError, match=r"config\.json"):
        Guard.load(tmp_path, file="guard.onnx")


def test_a_place_that_cannot_be_written_is_refused_before_the_work(call, tmp_path, monkeypatch):
    monkeypatch.setattr(TrainedGuard, "load", None)  # calling it would be the beginning of the work
    (tmp_path / "file").write_text("")
    for place, found in ((tmp_path, "the directory"), (tmp_path / "file" / "guard.onnx", "File exists|Not a directory")):
        with pytest.raises(ConfigError, match=f"--output_path: expected .*(found.*({found}))"):
            call(export_onnx, "--output_path", place)
    monkeypatch.undo()


def test_an_output_directory_that_cannot_be_written_is_refused_before_the_work(call, tmp_path, monkeypatch):
    monkeypatch.setattr(optimize_model, "save_artifact", None)
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="--output_dir: expected a directory .*File exists"):
        call(optimize_model, "--output_dir", tmp_path / "file")


@pytest.mark.parametrize("script", [optimize_model, export_onnx])
def test_a_file_that_is_no_checkpoint_is_refused(script, tmp_path, monkeypatch):
    path = tmp_path / "notes.pth"
    path.write_text("} is no checkpoint")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [script.__name__, "--model_path", str(path)])
    with pytest.raises(CheckpointError, match="notes.pth is not a complete checkpoint"):
        script.main()


def test_an_exported_directory_is_measured_and_what_fails_its_gates_is_not_served(call, tmp_path, monkeypatch, capsys):
    rows = [
        Example(text=text, label=label, family=Family.NONE, source="s", group=text, split="val")
        for text, label in zip(TEXTS, [Label.BENIGN] * 4 + [Label.JAILBREAK] * 4, strict=True)
    ]
    monkeypatch.setattr(optimize_model, "build_splits", lambda cfg: None)
    monkeypatch.setattr(optimize_model, "candidate_rows", lambda splits, cfg: rows[::2])
    monkeypatch.setattr(optimize_model, "seed_everything", lambda cfg: None)
    words = ["--output_dir", tmp_path, "export.variants=[int4]"]
    call(optimize_model, *words)
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("model.onnx", "model_int8.onnx", "model_int4.onnx", "P50 / P95 in ms"))
    assert Guard.load(tmp_path)(canaries.ATTACKS[0]).threat and (tmp_path / "model_int8.pth").is_file()

    monkeypatch.setattr("src.export.measure.MAX_INT8_MB", 0.001)
    with pytest.raises(GateError, match=r"the limit is 0\.001 MB"):
        call(optimize_model, *words)
    assert read_json(tmp_path / "optimization.json")["rows"]["n"] == 4  # what was found can still be read
    with pytest.raises(ArtifactError, match=r"config\.json"):
        Guard.load(tmp_path)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(optimize_model, "measure_artifact", interrupted)
    with pytest.raises(KeyboardInterrupt):
        call(optimize_model, *words)
    assert not (tmp_path / "optimization.json").exists()  # the earlier one is of other files


def test_the_hugging_face_form_is_written_from_the_exported_directory(call, guard, checkpoint, tmp_path, capsys):
    with pytest.raises(ArtifactError, match="no exported directory"):
        call(save_pretrained, "--output_dir", tmp_path / "hf")
    save_artifact(guard, checkpoint.parent / "optimized")
    call(save_pretrained, "--output_dir", tmp_path / "hf")
    printed = capsys.readouterr().out
    for name in ("config.json", "model.safetensors", "tokenizer.json", "README.md", "onnx/model_quantized.onnx"):
        assert (tmp_path / "hf" / name).is_file() and str(tmp_path / "hf" / name) in printed
