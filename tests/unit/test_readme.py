"""What the README shows is run."""

import json
import re
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
EXPORTED = "outputs/production_final/optimized"


@pytest.mark.parametrize("wanted", ["onnxruntime.InferenceSession", "Guard.load"])
def test_examples_of_the_exported_directory_run(wanted, exported_dir, capsys):
    blocks = [block for block in re.findall(r"```python\n(.*?)```", README, flags=re.S) if wanted in block]
    assert len(blocks) == 1 and EXPORTED in blocks[0]
    names: dict[str, object] = {}
    exec(blocks[0].replace(EXPORTED, str(exported_dir)), names)
    if "session" in names:
        label, confidence = capsys.readouterr().out.rsplit(maxsplit=1)
        config = json.loads((exported_dir / "config.json").read_text(encoding="utf-8"))
        assert label in config["labels"] and 0.25 <= float(confidence) <= 1
        assert names["logits"].shape == (1, 4) and names["confidence"].shape == (1, 1)


def test_the_names_of_other_documents_are_explained():
    assert "`model_onnx_optimized.onnx` is `optimized/model_int8.onnx`" in README
    assert "`logs/production_final/training.log`" in README
