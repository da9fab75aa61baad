"""Write the Hugging Face form of a trained guard: config, safetensors, tokenizer, ONNX files and a model card.

    python scripts/save_pretrained.py --model_path outputs/production_final/best_model.pth --output_dir outputs/huggingface

Run optimize_model.py first, because the ONNX files come from its output directory. The card is that of
scripts/create_model_card.py, made from the files of the checkpoint's run. To load the result with transformers, `import
src.huggingface` first.
"""

from pathlib import Path

from src.cli import run_main, script_parser
from src.export.artifact import TrainedGuard
from src.huggingface.directory import save_pretrained
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to


def main() -> None:
    parser = script_parser(__doc__, has_config=False)
    parser.add_argument("--model_path", type=Path, default=RunPaths(DEFAULT_OUTPUT_DIR).best_model, help="a best_model.pth")
    parser.add_argument(
        "--artifact_dir", type=Path, help="output directory of optimize_model.py; default: optimized/ beside the checkpoint"
    )
    parser.add_argument("--output_dir", type=Path, default=Path("outputs/huggingface"))
    args = parser.parse_args()
    run = RunPaths(args.model_path.parent)
    with log_to():
        save_pretrained(TrainedGuard.load(args.model_path), args.artifact_dir or run.optimized, args.output_dir, run=run)
    for path in sorted(path for path in args.output_dir.rglob("*") if path.is_file()):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    run_main(main)
