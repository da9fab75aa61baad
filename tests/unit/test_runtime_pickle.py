"""A guard goes to other processes by the path of its directory, and only where the same model is still there."""

import copy
import multiprocessing
import os
import pickle
import shutil
from dataclasses import replace

import pytest

from src.errors import ArtifactError
from src.export.artifact import save_artifact
from src.runtime import Guard, canaries
from src.runtime.artifact import Network
from src.runtime.plan import Limits
from tests.conftest import small_guard

TEXTS = [*canaries.ATTACKS, *canaries.BENIGN, "please write the table again " * 200]
OPTIONS = {"policy": "full", "fpr_budget": 0.05, "max_chars": 3000, "max_windows": 8, "file": "model.onnx"}


def judge(guard: Guard, text: str) -> tuple[int, dict]:
    return os.getpid(), guard(text).to_dict()


def test_a_guard_works_in_other_processes(exported_dir):
    guard = Guard.load(exported_dir, **OPTIONS)
    with multiprocessing.get_context("spawn").Pool(2) as pool:  # ONNX Runtime's threads do not survive a fork
        found = pool.starmap(judge, [(guard, text) for text in TEXTS], chunksize=4)
    assert os.getpid() not in {process for process, _ in found}
    assert [verdict for _, verdict in found] == [guard(text).to_dict() for text in TEXTS]


def test_the_copy_has_the_same_settings(exported_dir, monkeypatch):
    monkeypatch.chdir(exported_dir.parent)
    guard = Guard.load(exported_dir.name, **OPTIONS)
    monkeypatch.chdir("/")  # the path was relative
    data = pickle.dumps(guard)
    assert len(data) < 2000  # a path, and no weights
    for other in (pickle.loads(data), copy.deepcopy(guard)):
        assert (other.policy, other.threshold, other.file, other.model_id) == ("full", 0.4, "model.onnx", guard.model_id)
        assert other.limits == Limits(max_chars=3000, max_windows=8)
        assert other.batch(TEXTS) == guard.batch(TEXTS)


def test_another_model_in_the_directory_is_refused(exported_dir, tiny_model_config, tokenizer, tmp_path):
    shutil.copytree(exported_dir, tmp_path / "model")
    data = pickle.dumps(Guard.load(tmp_path / "model"))
    save_artifact(small_guard(replace(tiny_model_config, fast_num_layers=2), tokenizer, steps=30), tmp_path / "model")
    with pytest.raises(ArtifactError, match="expected the model .* of the guard that was pickled, found"):
        pickle.loads(data)
    shutil.rmtree(tmp_path / "model")
    with pytest.raises(ArtifactError, match="no exported directory"):
        pickle.loads(data)


def test_a_guard_without_a_directory_cannot_be_pickled(exported_dir):
    guard = Guard.load(exported_dir)
    assert isinstance(guard._network, Network)
    other = Guard(guard._network, policy="full", file=guard.file, model_id=guard.model_id)
    with pytest.raises(pickle.PicklingError, match=r"expected a guard of Guard.load\(directory\)"):
        pickle.dumps(other)
