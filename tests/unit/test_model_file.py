"""A file whose weights are named computes what the whole file computes, and is opened wherever the whole file is."""

import os
import shutil

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx.external_data_helper import load_external_data_for_model

from src.runtime import Guard, artifact, canaries, model_file
from src.runtime.artifact import INT8_FILE, ONNX_FILES, OUTPUT_NAMES, open_session, session_options
from src.runtime.model_file import name_weights

TEXTS = (*canaries.BENIGN, *canaries.ATTACKS)


@pytest.fixture(autouse=True)
def small_weights(monkeypatch):
    monkeypatch.setattr(model_file, "MIN_WEIGHT_BYTES", 256)  # the weights of the tests are small


@pytest.fixture
def copied(exported_dir, tmp_path):
    return shutil.copytree(exported_dir, tmp_path / "copy")


def weights_of(graph: onnx.GraphProto, depth: int = 0) -> list[tuple[int, onnx.TensorProto]]:
    """Every weight with the number of sub-graphs around it."""
    inner = [each.g for node in graph.node for each in node.attribute if each.HasField("g")]
    return [*((depth, weight) for weight in graph.initializer), *(found for g in inner for found in weights_of(g, depth + 1))]


def outputs_of(session: onnxruntime.InferenceSession, tokenizer) -> list[np.ndarray]:
    runs = [session.run(OUTPUT_NAMES, tokenizer.encode([text]).feeds()) for text in TEXTS]
    return [np.stack(each) for each in zip(*runs, strict=True)]


def test_large_weights_of_sub_graphs_are_named_and_nothing_else_changes(exported_dir):
    named = onnx.load_from_string(name_weights(exported_dir / INT8_FILE))
    external = [(depth, weight) for depth, weight in weights_of(named.graph) if weight.data_location == onnx.TensorProto.EXTERNAL]
    assert {depth for depth, _ in external} == {1, 2}  # branches and experts
    assert {weight.data_type for _, weight in external} == {onnx.TensorProto.INT8}

    load_external_data_for_model(named, str(exported_dir))
    for _, weight in external:
        weight.ClearField("external_data")
        weight.ClearField("data_location")
    assert named == onnx.load(exported_dir / INT8_FILE)


def test_a_file_without_one_byte_weights_is_copied(exported_dir):
    assert name_weights(exported_dir / ONNX_FILES["fp32"]) == (exported_dir / ONNX_FILES["fp32"]).read_bytes()


@pytest.mark.parametrize("damaged", [b"\x0f", b"\x3a\xff\x7f", b"\xff" * 20], ids=["wire type", "length", "number"])
def test_other_bytes_are_refused(tmp_path, damaged):
    (tmp_path / INT8_FILE).write_bytes(damaged)
    with pytest.raises(ValueError, match="expected a protocol buffer"):
        name_weights(tmp_path / INT8_FILE)


@pytest.mark.parametrize("link", ["none", "symbolic", "hard"])
def test_a_session_computes_the_same_to_the_bit(copied, tokenizer, link, monkeypatch):
    path, tried = copied / INT8_FILE, []
    if link != "none":
        path = copied / "linked" / INT8_FILE
        path.parent.mkdir()
        (path.symlink_to if link == "symbolic" else path.hardlink_to)(copied / INT8_FILE)
    monkeypatch.setattr(artifact, "name_weights", lambda file: tried.append(name_weights(file)) or tried[-1])
    found = outputs_of(open_session(path, num_threads=1), tokenizer)
    assert len(tried[0]) < path.stat().st_size
    whole = onnxruntime.InferenceSession(str(path), session_options(1), providers=["CPUExecutionProvider"])
    for each, expected in zip(found, outputs_of(whole, tokenizer), strict=True):
        np.testing.assert_array_equal(each, expected)


def test_the_file_may_go_once_it_is_loaded(copied):
    guard = Guard.load(copied)
    before = [guard(text).p_attack for text in TEXTS]
    os.truncate(copied / INT8_FILE, 0)  # as `cp` over a file that is being served does first
    assert [guard(text).p_attack for text in TEXTS] == before
