"""Attack a guard with disguises that adapt to its scores, within query budgets, and count the attacks that it misses.

    python scripts/attack_guard.py --model_path outputs/production_final/optimized --budgets 1 10 100
    python scripts/attack_guard.py --model_path outputs/production_final/best_model.pth --policy both --baseline
    python scripts/attack_guard.py --verdicts_only --remember

Payloads are attack rows of the validation sources and, under policy full, the reserved payloads. They are never rows of training
or evaluation. The attacker sees the guard's score, or its verdict alone. It may change a text only while the payload stays
recoverable. src/evaluation/evasion.py has the moves, recoverable.py this rule and robustness.py the output file. The
configuration is the one that the model was trained with; `key=value` changes it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from src.cli import config_from_model, run_main, script_parser
from src.data.mixture import build_splits
from src.errors import ConfigError
from src.evaluation.baselines import TfidfPredictor
from src.evaluation.calibration import at_budget_of, calibrate
from src.evaluation.predictor import Predictor, load_predictor
from src.evaluation.robustness import attack_guard, build_results, check_budgets, choose_payloads, padding_texts, summarise
from src.files import write_json
from src.policy import DEFAULT_POLICY, POLICIES
from src.reporting.cells import fixed, percent
from src.reporting.cells import share_with_interval as share
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to, seed_everything
from src.runtime.calibration import Calibration


def main() -> None:
    parser = script_parser(__doc__)
    default = RunPaths(DEFAULT_OUTPUT_DIR)
    parser.add_argument("--model_path", type=Path, default=default.optimized, help="exported directory, .onnx or .pth file")
    parser.add_argument("--budgets", type=int, nargs="+", default=[1, 10, 100], help="queries per payload, in rising order")
    parser.add_argument("--num_payloads", type=int, default=100, help="payloads per policy, taken evenly from the sources")
    parser.add_argument("--policy", choices=[*POLICIES, "both"], default=DEFAULT_POLICY, help="full adds plain harmful requests")
    parser.add_argument("--white_box_router", action="store_true", help="the attacker also sees P(deep) and steers the route")
    parser.add_argument("--verdicts_only", action="store_true", help="the attacker sees verdicts only, no scores")
    parser.add_argument(
        "--remember", action="store_true", help="every attacker's refused texts are remembered (src/runtime/memory.py)"
    )
    parser.add_argument("--baseline", action="store_true", help="also attack TF-IDF, trained on the same rows, in the same way")
    parser.add_argument(
        "--output_path", type=Path, help=f"JSON file; default: {default.attack_json}, or inside the run's own directory"
    )
    args = parser.parse_intermixed_args()
    check_budgets(args.budgets)
    if args.num_payloads < 1:
        raise ConfigError(f"--num_payloads must be 1 or more, got {args.num_payloads}")
    guard, stored_config = load_predictor(args.model_path)
    cfg = at_budget_of(config_from_model(args, stored_config), guard.calibration)
    output = args.output_path or RunPaths.of(cfg).attack_json
    if output.is_dir():
        raise ConfigError(f"--output_path must be a file, {output} is a directory")
    policies = POLICIES if args.policy == "both" else (args.policy,)
    with log_to():
        seed_everything(cfg)
        splits = build_splits(cfg)
        payloads_by_policy = {policy: choose_payloads(splits, policy, args.num_payloads, cfg.data.seed) for policy in policies}
        guards: list[tuple[Predictor, Calibration]] = [(guard, guard.calibration)]
        if args.baseline:
            baseline = TfidfPredictor.fit(splits.train, max_features=cfg.eval.baseline_max_features)
            guards.append((baseline, calibrate(baseline, splits.val, cfg)))
        results_by_guard: dict[str, dict[str, Any]] = {each.name: {} for each, _ in guards}
        for each, calibration in guards:
            for policy, (payloads, left_out) in payloads_by_policy.items():
                threshold = calibration.threshold(policy)
                has_router = not isinstance(each, TfidfPredictor)  # the baseline is attacked without steering
                outcomes = attack_guard(
                    each,
                    payloads,
                    policy=policy,
                    budgets=args.budgets,
                    seed=cfg.data.seed,
                    fillers=padding_texts(splits),
                    threshold=threshold,
                    verdicts_only=args.verdicts_only,
                    remembers=args.remember,
                    show_progress=True,
                    white_box_router=calibration.complexity_threshold if args.white_box_router and has_router else None,
                )
                results_by_guard[each.name][policy] = {"left_out_long": left_out, **summarise(outcomes, args.budgets, threshold)}
    results = build_results(
        results_by_guard,
        model_path=args.model_path,
        cfg=cfg,
        budgets=args.budgets,
        white_box_router=args.white_box_router,
        verdicts_only=args.verdicts_only,
        remembers=args.remember,
    )
    print(render(results))
    write_json(output, results)
    print(f"\nwritten: {output}")


def render(results: Mapping[str, Any]) -> str:
    """The results as a table of at most 100 columns for each guard and policy."""
    lines = []
    for name, policies in results["guards"].items():
        for policy, result in policies.items():
            lines += ["", f"{name}, policy {policy}, threshold {result['threshold']:.4f}"]
            lines.append(f"found without an attack: {share(result['detected'])}; missed already: {result['missed']}")
            lines.append(
                f"{'queries':>7}  {'attack success':<27}{'recall under attack':<27}{'mean':>7}{'edit':>6}{'added':>7}{'deep':>7}"
            )
            for row in result["budgets"]:
                lines.append(
                    f"{row['budget']:>7}  {share(row['success']):<27}{share(row['recall']):<27}"
                    f"{fixed(row['mean_queries'], 1):>7}{fixed(row['mean_edit_size'], 2):>6}"
                    f"{fixed(row['mean_added_chars'], 0):>7}{percent(row['deep']['share'], 0):>7}"
                )
            families = sorted(result["budgets"][-1]["families"].items(), key=lambda pair: -pair[1]["share"])
            if families:
                shares = [f"{family} {row['share']:.0%}" for family, row in families]
                lines.append(f"made by, at {results['budgets'][-1]} queries (n={families[0][1]['n']}):")
                lines += [f"  {', '.join(shares[start : start + 6])}" for start in range(0, len(shares), 6)]
    lines += ["", "mean: queries to success; edit: edit distance per character of the payload; added: characters of wrapper and"]
    lines += ["padding; deep: share of the successes on the deep route, the others took the fast one. Intervals: Wilson 95%."]
    return "\n".join(lines[1:])


if __name__ == "__main__":
    run_main(main)
