import os
import random
import resource
import signal

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from src.checkpoint import load_best_model
from src.errors import CheckpointError, run_main
from src.training.checkpoint import (
    load_checkpoint,
    rng_state,
    save_best_model,
    save_checkpoint,
    set_rng_state,
    store_calibration,
)


def save(path, value: float = 1.0, size: int = 3) -> None:
    weight = torch.nn.Parameter(torch.full((size,), value))
    optimizer = torch.optim.AdamW([weight])
    weight.grad = torch.ones(size)
    optimizer.step()
    save_checkpoint(
        path,
        model={"w": torch.full((size,), value)},
        optimizer=optimizer.state_dict(),
        scheduler={"last_epoch": 1},
        scaler=None,
        rng=[rng_state()],
        progress={"epoch": 2, "best": [0.5, 0.6]},
        config={"train": {"epochs": 3}},
    )


def test_round_trip(tmp_path):
    save(tmp_path / "deep" / "latest.pth", 7.0)
    state = load_checkpoint(tmp_path / "deep" / "latest.pth")
    assert state["model"]["w"].tolist() == [7.0] * 3
    assert state["progress"] == {"epoch": 2, "best": [0.5, 0.6]}
    assert state["optimizer"]["state"][0]["exp_avg"].shape == (3,)


def test_generators_go_on_where_they_were(tmp_path):
    random.seed(3), np.random.seed(3), torch.manual_seed(3)  # noqa: NPY002
    random.gauss(0, 1), np.random.normal()  # noqa: NPY002 -- leaves a cached second value in both
    save(tmp_path / "a.pth")

    def draw() -> tuple:
        return random.gauss(0, 1), random.random(), np.random.normal(), np.random.rand(), torch.rand(3).tolist()  # noqa: NPY002

    expected = draw()
    set_rng_state(load_checkpoint(tmp_path / "a.pth")["rng"][0])
    assert draw() == expected


def test_a_missing_checkpoint_says_how_to_make_one(tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint at .*train one with"):
        load_checkpoint(tmp_path / "absent.pth")


@pytest.mark.parametrize("kept", [0, 10, 500, -1])
def test_a_truncated_checkpoint_is_refused(tmp_path, kept):
    path = tmp_path / "latest.pth"
    save(path, size=1000)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(CheckpointError, match="latest.pth is not a complete checkpoint .*delete it"):
        load_checkpoint(path)


def test_a_file_that_could_run_code_is_refused(tmp_path):
    torch.save({"schema": random.Random(0)}, tmp_path / "a.pth")
    with pytest.raises(CheckpointError, match="not a complete checkpoint of plain tensors"):
        load_checkpoint(tmp_path / "a.pth")


def test_other_kinds_and_schemas_are_refused(tmp_path):
    path = tmp_path / "a.pth"
    torch.save([1, 2], path)
    with pytest.raises(CheckpointError, match="found list"):
        load_checkpoint(path)
    save(path)
    with pytest.raises(CheckpointError, match="another kind of file"):
        load_best_model(path)
    torch.save({**load_checkpoint(path), "schema": 99}, path)
    with pytest.raises(CheckpointError, match="schema 99, this code reads 1"):
        load_checkpoint(path)


@pytest.mark.parametrize("limit", [1000, 200_000])
def test_a_full_disk_leaves_the_previous_checkpoint_whole(tmp_path, limit):
    path = tmp_path / "latest.pth"
    save(path, 1.0)
    before = path.read_bytes()
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))  # writes beyond it fail, as on a full disk
    try:
        with pytest.raises(CheckpointError, match=r"latest.pth \(2 MB\); the disk or quota is full: free at least 2 MB"):
            save(path, 2.0, size=150_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["latest.pth"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match="cannot write .*file/latest.pth"):
        save(tmp_path / "file" / "latest.pth")


def test_best_model_in_both_forms_and_its_calibration(tmp_path):
    path, weights = tmp_path / "best_model.pth", tmp_path / "model.safetensors"
    model = {"a": torch.arange(6.0).view(2, 3), "b": torch.ones(1)}
    save_best_model(path, weights, model=model, config={"model": {}}, progress={"epoch": 3})
    assert load_best_model(path)["calibration"] is None
    assert all(torch.equal(load_file(weights)[name], tensor) for name, tensor in model.items())
    store_calibration(path, {"temperature": 1.5, "thresholds": {"full": {"0.01": 0.7}}})
    state = load_best_model(path)
    assert state["calibration"]["thresholds"]["full"]["0.01"] == 0.7
    assert torch.equal(state["model"]["a"], model["a"]) and state["progress"] == {"epoch": 3}


@pytest.fixture
def interrupts():
    """Ctrl-C as in a terminal: what a shell starts in the background begins with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_ctrl_c_while_a_checkpoint_is_written_ends_like_any_other(tmp_path, monkeypatch):
    path = tmp_path / "latest.pth"
    write_record = torch.serialization._save

    def interrupted(*args, **kwargs):
        os.kill(os.getpid(), signal.SIGINT)
        write_record(*args, **kwargs)

    monkeypatch.setattr(torch.serialization, "_save", interrupted)
    with pytest.raises(SystemExit) as ended:
        run_main(lambda: save(path, 2.0))
    assert ended.value.code == 130
    assert load_checkpoint(path)["model"]["w"].tolist() == [2.0] * 3
    assert [file.name for file in tmp_path.iterdir()] == ["latest.pth"]


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_files_of_any_other_kind_are_refused_without_a_traceback(tmp_path):
    path, rng = tmp_path / "notes.pth", random.Random(0)
    contents = [b"", b"h", b"hello", b"} is no checkpoint", b"PK", bytes(range(256)), b"\x80\x02X", b'{"schema": 1}']
    contents += [rng.choice([b"", b"\x80\x02"]) + rng.randbytes(rng.randrange(40)) for _ in range(2000)]
    for content in contents:
        path.write_bytes(content)
        with pytest.raises(CheckpointError, match="notes.pth is not a complete checkpoint"):
            load_best_model(path)
    with pytest.raises(CheckpointError, match="found a directory"):
        load_best_model(tmp_path)


@pytest.mark.parametrize("changes", [{"model": None}, {"model": {"a": 1}}, {"config": []}])
def test_the_right_keys_with_other_kinds_of_values_are_refused(tmp_path, changes):
    path = tmp_path / "best_model.pth"
    state = {"schema": 1, "model": {}, "config": {}, "calibration": None, "progress": {}}
    torch.save(state | changes, path)
    with pytest.raises(CheckpointError, match="expected .* to hold a (dict|Tensor) as"):
        load_best_model(path)
