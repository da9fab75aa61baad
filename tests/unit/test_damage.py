"""A damaged file is refused with its name and what to do, or made anew; it is never read as if it were whole."""

import errno
import json
import os
import resource
import sqlite3
from dataclasses import replace
from pathlib import Path

import httpx2
import numpy as np
import pytest
import torch

from src.checkpoint import load_best_model
from src.data.fingerprints import fingerprint
from src.errors import ArtifactError, BaselineUnavailable, CheckpointError, ConfigError, DataError, TrainingError, run_main
from src.evaluation.baselines.hub import HubModel, _fetch
from src.evaluation.predictor import load_predictions, no_predictions, save_predictions
from src.files import atomic_write, find_archive_damage, load_arrays, read_json, write_json, write_text
from src.models import backbone
from src.run import RunPaths
from src.training import distillation
from src.training.cells import SCORES_FILE, load_scores
from src.training.checkpoint import save_best_model
from src.training.search import discard_study, open_study, run_search
from src.training.study import DIGEST, digest_trial
from tests.e2e.resume_driver import tiny_config

PLACES = 40  # bytes of a file that are flipped, one at a time, from its first to its last


def flipped(whole: bytes) -> list[bytes]:
    """The file with one bit turned, at PLACES places."""
    places = sorted({round(place) for place in np.linspace(0, len(whole) - 1, PLACES)})
    return [whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :] for place in places]


def test_a_flipped_bit_in_a_checkpoint_is_refused_or_changes_nothing(tmp_path):
    path = tmp_path / "best_model.pth"
    weight = torch.linspace(0, 1, 2000)
    save_best_model(path, tmp_path / "model.safetensors", model={"w": weight}, config={}, progress={})
    refused = 0
    for content in flipped(path.read_bytes()):
        path.write_bytes(content)
        try:
            assert torch.equal(load_best_model(path)["model"]["w"], weight)  # padding between the members
        except CheckpointError as error:
            assert str(path) in str(error) and "copy it again, or train again" in str(error)
            refused += 1
    assert refused > PLACES / 2  # most of the file are weights


def test_flipped_bits_in_scores_are_refused_or_change_nothing(tmp_path):
    path, scores = tmp_path / "scores.npz", np.linspace(0, 1, 300)
    np.savez(path, scores=scores)
    for content in flipped(path.read_bytes()):
        path.write_bytes(content)
        try:
            np.testing.assert_array_equal(load_arrays(path, "remove it")["scores"], scores)
        except DataError as error:
            assert str(path) in str(error) and str(error).endswith("remove it")
    with pytest.raises(FileNotFoundError):
        load_arrays(tmp_path / "absent.npz", "remove it")


def test_an_array_that_says_it_is_shorter_is_damaged(tmp_path):
    """numpy reads as many bytes as the header asks for, and compares the checksum at the end of a member only."""
    path = tmp_path / "scores.npz"
    np.savez(path, scores=np.zeros(300))
    path.write_bytes(path.read_bytes().replace(b"(300,)", b"(200,)"))
    assert "scores.npy" in find_archive_damage(path)


def test_a_damaged_data_cache_is_computed_anew(tmp_path, caplog):
    texts = [f"text number {number}" for number in range(200)]
    first = fingerprint(texts, with_views=False, cache_dir=tmp_path, workers=1)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for content in flipped(whole)[::8]:
        file.write_bytes(content)
        again = fingerprint(texts, with_views=False, cache_dir=tmp_path, workers=1)
        np.testing.assert_array_equal(again.sketches, first.sketches)
        np.testing.assert_array_equal(again.keys, first.keys)
    assert "computed anew" in caplog.text


def test_damaged_scores_of_benchmarks_cells_and_teachers_name_their_file(tmp_path):
    kept, teacher = tmp_path / "kept.npz", tmp_path / "teacher.npz"
    save_predictions(kept, no_predictions())
    np.savez(tmp_path / SCORES_FILE, as_served=np.zeros(9))
    distillation._save_scores(teacher, np.linspace(0, 1, 50))
    np.testing.assert_array_equal(distillation._load_scores(teacher), np.linspace(0, 1, 50))
    for path in (kept, tmp_path / SCORES_FILE, teacher):
        content = bytearray(path.read_bytes())
        content[content.index(b"NUMPY") + 20] ^= 1  # in the header of the first array
        path.write_bytes(content)
    with pytest.raises(ArtifactError, match="kept.npz .*remove it and run again"):
        load_predictions(kept)
    with pytest.raises(DataError, match="scores.npz .*makes this cell again"):
        load_scores(tmp_path)
    with pytest.raises(DataError, match="teacher.npz .*scores those windows again"):
        distillation._load_scores(teacher)


def test_json_that_is_none_names_its_file(tmp_path):
    write_json(tmp_path / "best.json", {"value": 0.5})
    (tmp_path / "best.json").write_bytes((tmp_path / "best.json").read_bytes().replace(b":", b";"))
    with pytest.raises(DataError, match="best.json is not valid JSON .*run the stage that writes it again"):
        read_json(tmp_path / "best.json")


@pytest.mark.parametrize(
    "error",
    [
        httpx2.ReadTimeout("The read operation timed out"),
        json.JSONDecodeError("Expecting value", "<html>", 0),
        OSError("Consistency check failed: file should be of size 8 but has size 4"),
        OSError(),
    ],
    ids=["hangs", "garbage", "half", "no reason"],
)
def test_an_encoder_of_a_hub_that_does_not_answer_is_one_message(monkeypatch, error):
    def download(*args, **kwargs):
        raise error

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    with pytest.raises(ConfigError, match="'somebody/encoder' is neither a directory nor .* could be downloaded .*Check the"):
        backbone.locate_encoder("somebody/encoder")
    with pytest.raises(BaselineUnavailable, match="could not be downloaded"):
        _fetch(HubModel(place="somebody/guard", attack_label=1), ["config.json"])


@pytest.fixture
def finished_search(tiny_encoder_dir, tmp_path):
    cfg = tiny_config(str(tiny_encoder_dir), tmp_path)
    cfg = replace(cfg, search=replace(cfg.search, n_trials=1))
    study = open_study(cfg, RunPaths.of(cfg))
    trial = study.ask()
    trial.suggest_float("optim.learning_rate", 1e-5, 1e-3)
    trial.set_user_attr(DIGEST, digest_trial(trial.number, trial.params, [0.25]))
    study.tell(trial, 0.25)
    return cfg


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE trial_values SET value = 0.75",
        "UPDATE trial_params SET param_value = param_value * 1.01",
        "UPDATE trials SET state = 'COMPLETF'",
    ],
    ids=["value", "parameter", "state"],
)
def test_a_study_whose_numbers_have_changed_is_refused(finished_search, tokenizer, change):
    paths = RunPaths.of(finished_search)
    open_study(finished_search, paths)
    with sqlite3.connect(paths.study_db) as database:
        database.execute(change)
    with pytest.raises(
        TrainingError, match="study.db is damaged .*put a copy in its place, or discard its trials with --restart"
    ):
        run_search(finished_search, tokenizer, None, paths)
    discard_study(paths)
    assert open_study(finished_search, paths).trials == []


def test_a_study_whose_pages_are_broken_is_refused(finished_search, tokenizer):
    paths = RunPaths.of(finished_search)
    content = bytearray(paths.study_db.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page] ^= 0x55  # the kind of the page
    paths.study_db.write_bytes(content)
    with pytest.raises(TrainingError, match="study.db is damaged"):
        run_search(finished_search, tokenizer, None, paths)


def test_a_full_disk_is_one_line_with_the_file_and_the_advice(tmp_path, capsys):
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(SystemExit) as ended:
            run_main(lambda: write_text(tmp_path / "results.json", "x" * 5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert ended.value.code == 1 and not list(tmp_path.iterdir())
    assert capsys.readouterr().err == (
        f"error: cannot write {tmp_path / 'results.json'}: {os.strerror(errno.EFBIG)}; free some space there, or choose another "
        "directory, and run the same command again\n"
    )


def test_a_write_that_fails_inside_torch_names_the_disk(tmp_path, capsys):
    def save() -> None:
        with atomic_write(tmp_path / "model_int8.pth") as partial, partial.open("wb") as file:
            torch.save({"w": torch.zeros(100_000)}, file)

    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(SystemExit):
            run_main(save)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    said = capsys.readouterr().err
    assert f"error: cannot write {tmp_path / 'model_int8.pth'}: File too large; free some" in said and said.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/data/run"), "cannot write /data/run: Read-only file system; make"),
        (MemoryError(), "the memory of this process is not enough"),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:1] DefaultCPUAllocator: can't allocate memory"), "the memory of"),
    ],
    ids=["read-only", "memory", "torch"],
)
def test_trouble_with_the_machine_is_no_traceback_and_a_bug_keeps_it(error, message, capsys):
    def fail(error: Exception) -> None:
        raise error

    with pytest.raises(SystemExit):
        run_main(lambda: fail(error))
    assert message in capsys.readouterr().err
    for bug in (RuntimeError("shape mismatch"), OSError(errno.ENOENT, "No such file", Path("x"))):
        with pytest.raises(type(bug)):
            run_main(lambda bug=bug: fail(bug))
