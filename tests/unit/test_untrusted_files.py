"""Files of strangers run no code, are not unpacked, and name no file outside the directory that they are in."""

import ast
import base64
import gzip
import json
import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from fastapi.testclient import TestClient

from src.checkpoint import load_best_model
from src.config import CONFIG_DIR, load_config, read_yaml
from src.data.cache import read_arrays
from src.data.local_source import load_local
from src.data.plain_yaml import load_yaml
from src.data.tables import load_benign
from src.errors import ArtifactError, CheckpointError, ConfigError, DataError
from src.evaluation.predictor import load_predictions
from src.files import sha256_of
from src.models.backbone import build_model
from src.runtime import Guard
from src.runtime.artifact import (
    CONFIG_FILE,
    INT8_FILE,
    TOKENIZER_FILE,
    checksum_of,
    locate_model,
    open_session,
    read_artifact_config,
)
from src.serving.app import create_app
from src.serving.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
CODE = [path for folder in ("src", "scripts", "benchmarks") for path in (ROOT / folder).rglob("*.py")] + list(ROOT.glob("*.py"))
TOO_DEEP, TOO_LONG = "[" * 100_000, "9" * 5000  # more than Python's parser of JSON takes
ROW = {"text": "hello", "label": "benign", "source": "notes", "category": None, "lang": "en", "split": None, "group": None}


class Payload:
    """Unpickled, it writes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.fixture
def copied(exported_dir, tmp_path):
    return shutil.copytree(exported_dir, tmp_path / "inside" / "copy")


@pytest.fixture
def data_directory(tmp_path):
    directory = tmp_path / "data"
    (directory / "train").mkdir(parents=True)
    (directory / "MANIFEST.json").write_text('{"sources": {"train/notes": {"licence": "MIT"}}}')
    (directory / "train" / "notes.jsonl").write_text(json.dumps(ROW) + "\n")
    return directory


def with_fitting_checksums(directory: Path) -> None:
    """As a stranger would leave a directory that was changed."""
    config = json.loads((directory / CONFIG_FILE).read_text())
    config["files"] = {name: sha256_of(directory / name) for name in config["files"] if (directory / name).is_file()}
    (directory / CONFIG_FILE).write_text(json.dumps(config | {"checksum": checksum_of(config)}))


@pytest.mark.parametrize("content", [TOO_DEEP, TOO_LONG, '{"sources": ' + TOO_DEEP], ids=["deep", "long", "deep inside"])
def test_json_that_no_parser_takes_is_refused_by_name(content, data_directory, copied):
    (copied / CONFIG_FILE).write_text(content)
    with pytest.raises(ArtifactError, match="config.json is not valid JSON"):
        read_artifact_config(copied)
    rows = data_directory / "train" / "notes.jsonl"
    rows.write_text(f"{content}\n")
    with pytest.raises(DataError, match="notes.jsonl:1: expected one JSON object a line"):
        load_local(data_directory)
    (data_directory / "MANIFEST.json").write_text(content)
    with pytest.raises(DataError, match='MANIFEST.json: expected a JSON object with "sources"'):
        load_local(data_directory)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("calibration",), "hot"),
        (("calibration", "temperature"), 0.0),
        (("calibration", "temperature"), "1"),
        (("calibration", "complexity_threshold"), None),
        (("calibration", "thresholds"), []),
        (("calibration", "thresholds", "override"), [0.5]),
        (("calibration", "thresholds", "override", "0.01"), float("nan")),
        (("model",), []),
        (("model", "max_tokens"), "64"),
        (("model", "window_overlap"), 64),
        (("model", "chars_per_token"), 10**30),
        (("model", "char_vocab_size"), True),
        (("files",), ["model_int8.onnx"]),
        (("canaries",), "none"),
        (("canaries", "files"), []),
        (("canaries", "tolerance"), "wide"),
        (("canaries", "policy"), ["override"]),
        (("canaries", "files", INT8_FILE), [1]),
        (("canaries", "files", INT8_FILE, "benign"), []),
        (("canaries", "files", INT8_FILE, "attacks"), [{"text": 5, "p_attack": 0.5}]),
    ],
)
def test_values_of_another_kind_are_refused_whatever_the_checksum_says(place, value, copied):
    config = json.loads((copied / CONFIG_FILE).read_text())
    inner = config
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    (copied / CONFIG_FILE).write_text(json.dumps(config | {"checksum": checksum_of(config)}))
    with pytest.raises(ArtifactError):
        Guard.load(copied, file=INT8_FILE)


@pytest.mark.parametrize(
    "value", ["a\x00b", "\ud800", TOO_LONG, "{", "!!python/name:os.system"], ids=["nul", "half", "long", "cut", "tag"]
)
def test_values_that_are_no_yaml_are_refused(value, tmp_path):
    with pytest.raises(ConfigError):
        load_config([], [f"train.epochs={value}"])
    path = tmp_path / "preset.yaml"
    path.write_bytes(f"train: {{epochs: {value}}}".encode("utf-8", "surrogatepass"))
    with pytest.raises(ConfigError):
        load_config([path])


@pytest.mark.parametrize("override", [f"optim.learning_rate={'9' * 400}", "data.mixture=[1]"], ids=["too large", "list"])
def test_values_that_cannot_be_merged_are_refused(override):
    with pytest.raises(ConfigError, match="expected values of the kinds in configs/base_config.yaml"):
        load_config([CONFIG_DIR / "quick.yaml"], [override])


@pytest.mark.parametrize("content", ["word", "5", "[1, 2]", "[" * 5000, "a: &a [*a]", "? {a: b}\n: c"], ids=lambda text: text[:9])
def test_a_preset_that_is_no_mapping_of_names_is_refused(content, tmp_path):
    path = tmp_path / "preset.yaml"
    path.write_text(content)
    with pytest.raises(ConfigError):
        load_config([path])


def test_a_graph_whose_names_are_no_text_is_refused(copied):
    """ONNX Runtime quotes the name in its message, which then cannot be decoded."""
    path = copied / INT8_FILE
    path.write_bytes(path.read_bytes().replace(b"attention_mask", b"\xab" * 14))
    with pytest.raises(ArtifactError, match="cannot load"):
        open_session(path, 1)


@pytest.mark.parametrize(
    "content",
    ["[]", TOO_DEEP, '{"max_position_embeddings": [[]]}', '{"num_hidden_layers": "2"}'],
    ids=["list", "deep", "list inside", "text inside"],
)
def test_the_config_of_an_encoder_holds_whole_numbers(content, tiny_encoder_dir, tiny_model_config, tmp_path):
    directory = shutil.copytree(tiny_encoder_dir, tmp_path / "encoder")
    values = json.loads((directory / CONFIG_FILE).read_text())
    (directory / CONFIG_FILE).write_text(json.dumps(values | json.loads(content)) if content.startswith("{") else content)
    with pytest.raises(ConfigError, match="config.json of encoder"):
        build_model(replace(tiny_model_config, init_from=str(directory)))


def test_a_manifest_names_no_file_that_is_read(data_directory, tmp_path):
    (tmp_path / "secret.jsonl").write_text(json.dumps(ROW | {"source": "secret"}) + "\n")
    sources = {name: {"licence": "MIT"} for name in ("train/notes", "train/../../secret", str(tmp_path / "secret"))}
    (data_directory / "MANIFEST.json").write_text(json.dumps({"sources": sources}))
    assert [row.source for row in load_local(data_directory).train] == ["notes"]
    (data_directory / "train" / "notes.jsonl").write_text(json.dumps(ROW | {"source": "../../secret"}) + "\n")
    with pytest.raises(DataError, match="the file's name says 'notes'"):
        load_local(data_directory)


@pytest.mark.parametrize(
    "file", ["../model_int8.onnx", "/etc/passwd", "a/../model_int8.onnx", "./model_int8.onnx", "..", ".", ""]
)
def test_a_model_file_is_in_its_directory(file, copied):
    shutil.copy(copied / INT8_FILE, copied.parent)
    with pytest.raises((ValueError, ArtifactError)):
        locate_model(copied, file)


@pytest.mark.parametrize("location", ["../outside.bin", "{absolute}", "sub/../../outside.bin", "link.bin"])
def test_a_model_reads_no_weights_outside_its_directory(location, copied):
    """Whatever its checksums say: those of a stranger fit."""
    model = onnx.load(copied / INT8_FILE)
    outside = copied.parent / "outside.bin"
    weight = next(each for each in model.graph.initializer if len(each.raw_data) > 64)
    outside.write_bytes(weight.raw_data)
    (copied / "sub").mkdir()
    (copied / "link.bin").symlink_to(outside)
    named = weight.external_data.add()
    named.key, named.value = "location", location.format(absolute=outside)
    weight.data_location = onnx.TensorProto.EXTERNAL
    weight.ClearField("raw_data")
    (copied / INT8_FILE).write_bytes(model.SerializeToString())
    with_fitting_checksums(copied)
    with pytest.raises(ArtifactError, match="cannot load"):
        open_session(copied / INT8_FILE, 1)
    with pytest.raises(ArtifactError, match="cannot load"):
        Guard.load(copied, file=INT8_FILE)


def test_a_graph_that_cannot_be_run_is_refused(copied):
    """It loads, and its table of positions is two rows long."""
    model = onnx.load(copied / INT8_FILE)
    length = Guard.load(copied, file=INT8_FILE).tokenizer.max_tokens
    table = next(each for each in model.graph.initializer if list(each.dims)[:1] == [length] and len(each.dims) == 2)
    table.raw_data = table.raw_data[: 2 * len(table.raw_data) // length]
    table.dims[0] = 2
    (copied / INT8_FILE).write_bytes(model.SerializeToString())
    with_fitting_checksums(copied)
    with pytest.raises(ArtifactError, match="ONNX Runtime cannot run the model"):
        Guard.load(copied, file=INT8_FILE)


def test_pickles_are_not_read(tmp_path):
    written, path = tmp_path / "written", tmp_path / "file"
    path.write_bytes(pickle.dumps(Payload(written)))
    with pytest.raises(CheckpointError):
        load_best_model(path)
    with pytest.raises(ArtifactError):
        load_predictions(path)
    np.savez(tmp_path / "objects.npz", p_attack_override=np.array([Payload(written)], dtype=object))
    with pytest.raises(ArtifactError, match="does not hold predictions"):
        load_predictions(tmp_path / "objects.npz")
    assert not written.exists()


def test_arrays_in_an_archive_of_another_version_are_refused(tmp_path):
    path = tmp_path / "scores.npz"
    np.savez(path, p_attack_override=np.ones(2))
    content = path.read_bytes()
    directory = content.rindex(b"PK\x01\x02")
    path.write_bytes(content[: directory + 6] + b"\xff" + content[directory + 7 :])  # the version that is needed to unpack it
    with pytest.raises(ArtifactError, match="does not hold predictions"):
        load_predictions(path)
    assert read_arrays(path) is None


def test_tags_of_yaml_build_nothing(tmp_path):
    written, path = tmp_path / "written", tmp_path / "file.yaml"
    for tag in (
        "python/object/apply:os.mkdir",
        "python/object/new:os.mkdir",
        "python/name:os.system",
        "python/module:antigravity",
    ):
        path.write_text(f"run: !!{tag} [{written}]\n")
        with pytest.raises(DataError, match="tags are not read"):
            load_yaml(path, max_bytes=1000)
        for read in (lambda: load_config([path]), lambda: read_yaml(path)):
            with pytest.raises(ConfigError, match="not valid YAML"):
                read()
    assert not written.exists()


@pytest.mark.parametrize("name", ["rows.csv.gz", "rows.jsonl.gz", "rows.jsonl.zip", "rows.tar", "rows.xlsx"])
def test_packed_tables_are_not_unpacked(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"text\nhello\n"))
    with pytest.raises(DataError, match="unknown format"):
        load_benign(path)


def test_packed_bodies_are_not_unpacked(exported_dir):
    body = gzip.compress(json.dumps({"text": "a" * 10_000_000}).encode())
    with TestClient(create_app(Guard.load(exported_dir), Settings(max_wait_ms=60_000))) as client:
        answer = client.post("/guard", content=body, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})
        bomb = base64.b64encode(body).decode()[:3000]
        verdict = client.post("/guard", json={"text": bomb})
    assert answer.status_code == 422
    assert verdict.status_code == 200 and all(len(view["text"]) <= 3 * len(bomb) for view in verdict.json()["views"])


def calls(tree: ast.AST):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_no_code_trusts_what_it_downloads_or_unpickles():
    """Ruff's rules (S) find eval, pickle.load and yaml.load; these it does not."""
    for path in CODE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in calls(tree):
            given = {each.arg: ast.unparse(each.value) for each in call.keywords}
            name = ast.unparse(call.func)
            assert given.get("trust_remote_code", "False") == "False", f"{path}: {name} trusts remote code"
            assert given.get("allow_pickle", "False") == "False", f"{path}: {name} reads pickles"
            assert name != "torch.load" or given.get("weights_only") == "True", f"{path}: torch.load without weights_only"
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        unpackers = imported & {"gzip", "bz2", "lzma", "tarfile", "shelve", "marshal", "dill", "joblib"}
        assert not unpackers or path.parent.name == "hostile", f"{path} imports {unpackers}"
        zips = {
            ast.unparse(node)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "zipfile"
        }
        # src/files.py compares the checksums of members, and writes nothing of them
        allowed = {"zipfile.BadZipFile", *(["zipfile.ZipFile"] if path.name == "files.py" and path.parent.name == "src" else [])}
        assert zips <= allowed, f"{path} unpacks archives: {zips}"


def test_a_tokenizer_of_a_stranger_is_read_or_refused(copied):
    for content in ("", "null", TOO_DEEP, '{"version": "1.0", "model": {"type": "Script", "run": "touch x"}}'):
        (copied / TOKENIZER_FILE).write_text(content)
        with_fitting_checksums(copied)
        with pytest.raises(ArtifactError):
            Guard.load(copied, file=INT8_FILE)
