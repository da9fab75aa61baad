"""A tiny encoder in BERT's layout, written once per session: no test needs the network.

The Unigram tokenizer is a real one, from the package in requirements-backbone.txt: its normaliser is what tests are about.
"""

from __future__ import annotations

import json
import string
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

from src.config import Config, ModelConfig
from src.encoders.build import read_packaged_tokenizer
from src.encoders.vocabulary import MIN_VOCABULARY, prune_tokenizer, read_ranking
from src.export.artifact import TrainedGuard, save_artifact
from src.labels import Label
from src.models.dual_branch import TinyGuardrail
from src.runtime import canaries
from src.runtime.calibration import Calibration
from src.text.tokenization import GuardTokenizer

HIDDEN, LAYERS, HEADS, FEED_FORWARD, POSITIONS = 32, 2, 4, 64, 512
COMMON_WORDS = """
    the a an is are was to of and in on for with you your my i it this that please how what why when write make tell
    ignore forget all previous instructions system prompt secret answer question help me weather today recipe code
    python error file email table report summarise translate now new task act as do not say only never always reveal
    rules
"""
WORDS = COMMON_WORDS.split()


def tiny_vocabulary() -> list[str]:
    letters = string.ascii_lowercase + string.digits
    return [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *string.punctuation,
        *letters,
        *(f"##{c}" for c in letters),
        *dict.fromkeys(word for word in WORDS if len(word) > 1),
    ]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Networks this small gain nothing from threads, and on a busy machine the threads wait for one another."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_encoder_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """config.json, model.safetensors (random weights, MiniLM's key names) and tokenizer.json."""
    directory = tmp_path_factory.mktemp("tiny_encoder")
    vocabulary = tiny_vocabulary()
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.enable_truncation(128)  # as the packaged tokenizer does, so that a test notices if it is kept
    tokenizer.enable_padding(length=128)
    tokenizer.save(str(directory / "tokenizer.json"))
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "vocab_size": len(vocabulary),
        "hidden_size": HIDDEN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "intermediate_size": FEED_FORWARD,
        "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
    }
    (directory / "config.json").write_text(json.dumps(config))

    generator = torch.Generator().manual_seed(7)

    def random(*shape: int, scale: float = 0.2) -> torch.Tensor:
        return torch.randn(*shape, generator=generator) * scale

    def linear(name: str, outputs: int, inputs: int) -> dict[str, torch.Tensor]:
        return {f"{name}.weight": random(outputs, inputs), f"{name}.bias": random(outputs, scale=0.05)}

    def norm(name: str) -> dict[str, torch.Tensor]:
        return {f"{name}.weight": 1 + random(HIDDEN, scale=0.05), f"{name}.bias": random(HIDDEN, scale=0.05)}

    weights = {
        "embeddings.word_embeddings.weight": random(len(vocabulary), HIDDEN),
        "embeddings.position_embeddings.weight": random(POSITIONS, HIDDEN),
        "embeddings.token_type_embeddings.weight": random(2, HIDDEN),
        **norm("embeddings.LayerNorm"),
    }
    for index in range(LAYERS):
        layer = f"encoder.layer.{index}"
        for part in ("query", "key", "value"):
            weights |= linear(f"{layer}.attention.self.{part}", HIDDEN, HIDDEN)
        weights |= linear(f"{layer}.attention.output.dense", HIDDEN, HIDDEN)
        weights |= norm(f"{layer}.attention.output.LayerNorm")
        weights |= linear(f"{layer}.intermediate.dense", FEED_FORWARD, HIDDEN)
        weights |= linear(f"{layer}.output.dense", HIDDEN, FEED_FORWARD) | norm(f"{layer}.output.LayerNorm")
    save_file(weights, directory / "model.safetensors")
    return directory


@pytest.fixture(scope="session")
def tiny_model_config(tiny_encoder_dir: Path) -> ModelConfig:
    """Every part of the network, small: one fast layer, one dense and one mixture-of-experts deep layer."""
    return replace(
        ModelConfig(),
        init_from=str(tiny_encoder_dir),
        tokenizer_from=str(tiny_encoder_dir),
        vocab_size=len(tiny_vocabulary()),
        d_model=HIDDEN,
        num_heads=HEADS,
        d_ff=FEED_FORWARD,
        max_tokens=64,
        window_overlap=16,
        char_dim=8,
        char_filters=8,
        router_hidden=16,
        fast_num_layers=1,
        deep_num_layers=2,
        moe_num_layers=1,
        num_experts=4,
    )


@pytest.fixture(scope="session")
def unigram_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """tokenizer.json of multilingual-e5-small with the fewest pieces."""
    pruned, _ = prune_tokenizer(read_packaged_tokenizer(), read_ranking(), MIN_VOCABULARY)
    path = tmp_path_factory.mktemp("unigram") / "tokenizer.json"
    path.write_text(json.dumps(pruned, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def unigram_tokenizer(unigram_file: Path) -> GuardTokenizer:
    return GuardTokenizer.from_file(unigram_file, max_tokens=64, window_overlap=16)


@pytest.fixture(scope="session")
def tokenizer(tiny_encoder_dir: Path) -> GuardTokenizer:
    return GuardTokenizer.from_file(tiny_encoder_dir / "tokenizer.json", max_tokens=64, window_overlap=16)


@pytest.fixture(scope="session", params=["tokenizer", "unigram_tokenizer"], ids=["wordpiece", "unigram"])
def either_tokenizer(request: pytest.FixtureRequest) -> GuardTokenizer:
    """Each kind of vocabulary in turn."""
    tokenizer: GuardTokenizer = request.getfixturevalue(request.param)
    return tokenizer


@pytest.fixture(scope="session")
def either_model_config(tiny_model_config: ModelConfig, either_tokenizer: GuardTokenizer) -> ModelConfig:
    """The tiny network for the vocabulary of `either_tokenizer`."""
    return replace(tiny_model_config, vocab_size=either_tokenizer.vocab_size)


def small_guard(cfg: ModelConfig, tokenizer: GuardTokenizer, *, steps: int) -> TrainedGuard:
    """A tiny model that learnt the canary prompts by heart; with no steps, one that was never trained."""
    torch.manual_seed(0)
    model = TinyGuardrail(cfg)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    batch = [torch.from_numpy(array) for array in tokenizer.encode([*canaries.BENIGN, *canaries.ATTACKS]).feeds().values()]
    is_attack = torch.tensor([0] * len(canaries.BENIGN) + [1] * len(canaries.ATTACKS))
    for _ in range(steps):
        output = model(*batch)
        loss = sum(
            F.cross_entropy(logits, Label.DIRECT_INJECTION * is_attack) for logits in (output.fast_logits, output.deep_logits)
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    thresholds = {policy: {"0.01": 0.6, "0.05": 0.4} for policy in ("override", "full")}
    with torch.no_grad():
        p_deep = model.eval()(*batch).p_deep.sort().values
    calibration = Calibration(
        temperature=1.3, complexity_threshold=float(p_deep[3:5].mean()), thresholds=thresholds, model_kind="test"
    )  # half of the canaries go deep
    return TrainedGuard(model, tokenizer, calibration, replace(Config(), model=cfg))


@pytest.fixture(scope="session")
def exported_dir(tiny_model_config: ModelConfig, tokenizer: GuardTokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported directory that the runtime serves. Tests that change it work on a copy."""
    directory = tmp_path_factory.mktemp("exported")
    save_artifact(small_guard(tiny_model_config, tokenizer, steps=30), directory)
    return directory


@pytest.fixture
def fresh_accelerator():
    """The accelerator is one per process and keeps its precision; every test that trains gets its own."""
    from accelerate.state import AcceleratorState

    AcceleratorState._reset_state(reset_partial_state=True)
    yield
    AcceleratorState._reset_state(reset_partial_state=True)


@pytest.fixture(scope="module")
def hub_server():
    from tests.hub_server import serve  # builds tables that only tests of the Hub need

    with serve() as server:
        yield server


@pytest.fixture
def hub(hub_server, tmp_path, monkeypatch):
    from tests.hub_server import connect

    return connect(hub_server, tmp_path, monkeypatch)
