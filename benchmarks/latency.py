"""Time both routes of the INT8 file against the INT8 encoders of other guards, in turn, in one run on this machine.

    python benchmarks/latency.py
    python benchmarks/latency.py --model_path outputs/production_final/optimized --output results/latency.json
    python benchmarks/latency.py --model_path DIR --peers minilm_l6

--model_path is an exported directory, an .onnx file or a checkpoint. Without it, the script times a new model with the base
settings, which takes as long as a trained one. The script exports and quantises the peers (benchmarks/reference/peers.py). It
times each peer as ONNX Runtime loads it, and without a fusion that makes some peers slower; ratios are against the faster of the
two. "mix" is 70% of the fast route and 30% of the deep route. Every run uses one thread and one text, without the tokeniser.
Other work on the machine affects all rows alike.

"share of the limit" is a minimum time divided by the measured time of a route. The minimum is the time of the route's matrix
products at the best rates that torch or ONNX Runtime reach in this run: INT8 for the linear layers, FP32 for attention scores and
values. For an exported directory, the script also times the whole verdict from text to verdict: tokens, characters and the search
for views are included.
"""

import itertools
import logging
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import onnx
import onnxruntime
import torch
import transformers

from benchmarks.reference.peaks import peak_flops, peak_int8_ops, peak_onnxruntime_flops
from benchmarks.reference.peers import PEERS, export_peer
from benchmarks.throughput import forced_networks, guard_of, texts_of
from src.cli import run_main, script_parser
from src.config import Config, ModelConfig, from_dict, load_config
from src.errors import ConfigError
from src.evaluation.latency import LENGTHS, conditions, guard_feeds, measure
from src.evaluation.predictor import FORCED_ROUTES
from src.export.artifact import ONNX_FILES, TrainedGuard
from src.export.embedding import POSITION_TABLE
from src.export.onnx import build_onnx, set_complexity_threshold
from src.files import write_json
from src.models.backbone import build_model
from src.policy import POLICIES
from src.run import provenance
from src.runtime.artifact import graph_session, read_artifact_config
from src.runtime.calibration import Calibration

SLOW_FUSION = "SkipLayerNormFusion"
UNFUSED = " without fusion"
DEEP_SHARE = 0.3
SMALLEST_VOCABULARY = 30_522  # MiniLM's: which rows of a table are looked up costs no time


def load_guard_file(path: Path | None, cfg: Config) -> tuple[onnx.ModelProto, ModelConfig]:
    """The INT8 graph to time and the network in it, from whatever --model_path names."""
    if path is None:
        thresholds = {policy: {"0.01": 0.5} for policy in POLICIES}  # they cost nothing, whatever they are
        calibration = Calibration(thresholds=thresholds)
        return build_onnx(build_model(cfg.model).eval(), precision="int8", calibration=calibration, metadata={}), cfg.model
    if path.suffix == ".pth":
        guard = TrainedGuard.load(path)
        proto = build_onnx(guard.model, precision="int8", calibration=guard.calibration, metadata=guard.metadata())
        return proto, guard.cfg.model
    file = path / ONNX_FILES["int8"] if path.is_dir() else path
    if not file.is_file():
        raise ConfigError(f"--model_path must be an exported directory, an .onnx file or a .pth checkpoint; there is no {file}")
    training_config = read_artifact_config(file.parent).get("training_config")
    return onnx.load(file), from_dict(training_config).model if training_config else cfg.model


def compare_with_peers(proto: onnx.ModelProto, peers: dict[str, Path], model: ModelConfig, num_runs: int) -> dict[str, Any]:
    """Size, and per length the times of every row, the ratios of the medians, and each route's share of the limit."""
    guards, others = {}, {}
    for route, threshold in FORCED_ROUTES.items():
        set_complexity_threshold(proto, threshold)
        guards[route] = graph_session(proto.SerializeToString())
    for name, path in peers.items():
        others |= {name: graph_session(path), name + UNFUSED: graph_session(path, disabled_optimizers=[SLOW_FUSION])}
    chars_per_token, max_tokens = guard_shape(guards["fast"], proto)
    peaks = {"int8": peak_int8_ops(), "fp32": max(peak_flops("no", is_cuda=False), peak_onnxruntime_flops())}
    lengths: dict[str, Any] = {}
    for length in (length for length in LENGTHS if length <= max_tokens):
        feeds = guard_feeds(length, chars_per_token=chars_per_token, vocab_size=model.vocab_size)
        ids = feeds["input_ids"] % SMALLEST_VOCABULARY
        peer_feeds = {"input_ids": ids, "attention_mask": feeds["attention_mask"]}
        runs = {name: partial(session.run, None, feeds) for name, session in guards.items()}
        runs |= {name: partial(session.run, None, peer_feeds) for name, session in others.items()}
        times = measure(runs, num_runs)
        p50 = {name: row["p50_ms"] for name, row in times.items()}
        ours = {route: p50[route] for route in guards}
        ours["mix"] = (1 - DEEP_SHARE) * ours["fast"] + DEEP_SHARE * ours["deep"]
        num_char_columns = int((feeds["char_ids"] != 0).any(axis=(0, 1)).sum())
        lengths[str(length)] = {
            "times": times,
            "ratios": {
                name: {route_name: value / min(p50[name], p50[name + UNFUSED]) for route_name, value in ours.items()}
                for name in peers
            },
            "share_of_limit": {route: limit_ms(model, route, length, num_char_columns, peaks) / p50[route] for route in guards},
        }
    return {
        "size_mb": proto.ByteSize() / 1e6,
        "peaks": peaks,
        "lengths": lengths,
        "conditions": conditions(num_threads=1),
    }


def limit_ms(model: ModelConfig, route: str, tokens: int, chars: int, peaks: dict[str, float]) -> float:
    """The time of the products alone of one text of `tokens` tokens of at most `chars` characters, at the best rates.

    Character CNN (windows of every kernel at every character), projections and feed-forwards of the route's layers in INT8,
    attention scores and values in FP32. Router, heads, norms and everything that moves data are left out.
    """
    continues = model.deep_input == "fast"
    layers = model.fast_num_layers if route == "fast" else model.deep_num_layers + continues * model.fast_num_layers
    more_experts = (model.experts_per_input - 1) * model.moe_num_layers if route == "deep" else 0
    feed_forward = 2 * model.d_model * model.d_ff
    macs = layers * (4 * model.d_model**2 + feed_forward) + more_experts * feed_forward
    if model.use_char_cnn:
        windows = sum(chars * kernel * model.char_dim * model.char_filters for kernel in model.char_kernel_sizes)
        macs += windows + model.char_filters * len(model.char_kernel_sizes) * model.d_model
    attention = layers * 4 * tokens**2 * model.d_model
    return 1000 * (2 * macs * tokens / peaks["int8"] + attention / peaks["fp32"])


def guard_shape(session: onnxruntime.InferenceSession, proto: onnx.ModelProto) -> tuple[int, int]:
    """chars_per_token and max_tokens, as the file has them."""
    (chars_per_token,) = (node.shape[2] for node in session.get_inputs() if node.name == "char_ids")
    (max_tokens,) = (tensor.dims[0] for tensor in proto.graph.initializer if tensor.name == POSITION_TABLE)
    return chars_per_token, max_tokens


def time_verdicts(directory: Path, num_runs: int) -> dict[str, Any]:
    """Per length and route the times of guard(text) on ordinary texts of that many tokens; more than a window are several."""
    guards = {route: guard_of(network) for route, network in forced_networks(directory).items()}
    times_by_length = {}
    for length in LENGTHS:
        texts = {route: itertools.cycle(texts_of(guard.tokenizer, length)) for route, guard in guards.items()}
        runs = {route: lambda guard=guard, of=texts[route]: guard(next(of)) for route, guard in guards.items()}
        times_by_length[str(length)] = measure(runs, num_runs)
    return times_by_length


def render(results: dict[str, Any]) -> str:
    where, lengths = results["conditions"], results["lengths"]
    rows = list(next(iter(lengths.values()))["times"])
    head = "".join(f"{length + ' tokens':>22}" for length in lengths)
    lines = [
        f"INT8, {where['threads']} thread, batch 1, onnxruntime {where['onnxruntime']}, {where['cpu']}; "
        f"{results['size_mb']:.1f} MB (1 MB = 10^6 bytes)",
        f"{'P50 / P95 in ms':<32}{head}",
    ]
    for name in rows:
        lines.append(f"{name:<32}" + "".join(f"{_format_times(row['times'][name]):>22}" for row in lengths.values()))
    for length, row in results.get("verdicts", {}).items():
        cells = "   ".join(f"{route} {_format_times(times)}" for route, times in row.items())
        lines.append(f"{f'verdict on {length} tokens of text':<32}{cells}")
    lines.append(f"{'fast, deep, mix as a multiple of':<32}{head}")
    for name in next(iter(lengths.values()))["ratios"]:
        cells = (", ".join(f"{value:.2f}" for value in row["ratios"][name].values()) for row in lengths.values())
        lines.append(f"{name:<32}" + "".join(f"{cell:>22}" for cell in cells))
    peaks = results["peaks"]
    lines.append(f"share of the limit, at {peaks['int8'] / 1e12:.2f} TOP/s INT8 and {peaks['fp32'] / 1e12:.2f} TFLOP/s FP32")
    for route in FORCED_ROUTES:
        lines.append(f"{route:<32}" + "".join(f"{row['share_of_limit'][route]:>22.0%}" for row in lengths.values()))
    return "\n".join(lines)


def _format_times(times: dict[str, float]) -> str:
    return f"{times['p50_ms']:.2f} / {times['p95_ms']:.2f}"


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--model_path", type=Path, help="exported directory, .onnx file or best_model.pth")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), help="default: all")
    parser.add_argument("--output", type=Path, help="also write the numbers to this JSON file")
    args = parser.parse_intermixed_args()
    cfg = load_config(args.config or (), args.overrides)
    torch.manual_seed(cfg.run.seed)
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()  # it reports the pooling layer that is left out on purpose
    transformers.logging.disable_progress_bar()
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser's advice to run a preprocessing that changes nothing here
    proto, model = load_guard_file(args.model_path, cfg)
    with tempfile.TemporaryDirectory() as directory:
        peers = {name: export_peer(name, model.vocab_size, Path(directory)) for name in args.peers}
        results = compare_with_peers(proto, peers, model, cfg.eval.latency_runs)
    if args.model_path is not None and args.model_path.is_dir():
        results["verdicts"] = time_verdicts(args.model_path, cfg.eval.latency_runs)
    print(render(results))
    if args.output:
        write_json(args.output, {**provenance(cfg, args.model_path), **results})


if __name__ == "__main__":
    run_main(main)
