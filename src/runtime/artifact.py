"""Reading an exported directory: what must be in it, checksums, and the session that runs its graph.

`src/export/artifact.py` writes the directory; the names of its files and of the keys of config.json are defined here.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from ..errors import ArtifactError
from ..files import sha256_of
from ..labels import Family, Label
from ..policy import POLICIES
from ..text.tokenization import Encoding, GuardTokenizer
from .calibration import Calibration
from .cpu import has_wide_sums
from .model_file import name_weights
from .plan import SERVED, plan_windows
from .scores import Outputs, TextScores, WindowScores, score_plan

log = logging.getLogger(__name__)

SCHEMA = 1
Precision = Literal["fp32", "int8", "int8_reduced", "int4"]
# Every directory has the first two.
ONNX_FILES: dict[Precision, str] = {
    "fp32": "model.onnx",
    "int8": "model_int8.onnx",
    "int8_reduced": "model_int8_reduced.onnx",
    "int4": "model_int4.onnx",
}
INT8_FILE = ONNX_FILES["int8"]
TOKENIZER_FILE, CONFIG_FILE, CARD_FILE = "tokenizer.json", "config.json", "README.md"
INSIDE_A_RUN = "optimized"  # as RunPaths.optimized
PACKAGE = Path(__file__).resolve().parents[1]
IN_CHECKOUT = (PACKAGE.parent / "pyproject.toml").is_file()
# The guard that comes with the project: beside src in a checkout, where scripts/make_release.py writes it, inside the package
# where that was installed (setup.py).
RELEASE = (PACKAGE.parent if IN_CHECKOUT else PACKAGE) / "release"
MODEL_SIZES = {"max_tokens": 3, "window_overlap": 0, "chars_per_token": 1, "char_vocab_size": 1}  # of `model` -> the least
LARGEST_SIZE = 1 << 16
INPUT_NAMES = ["input_ids", "attention_mask", "char_ids"]
OUTPUT_NAMES = ["logits", "family_logits", "p_deep"]
PROVIDERS = ["CPUExecutionProvider"]
ERRORS = 3  # severity of what ONNX Runtime logs: its warnings are about graphs, and a server can do nothing about them
OLDEST_ONNXRUNTIME = (1, 23)  # the first release with every operator of opset 23 on the CPU


@dataclass(frozen=True)
class Network:
    """An open model file and what its inputs and outputs mean."""

    session: Any  # onnxruntime.InferenceSession; the package has no types
    tokenizer: GuardTokenizer
    calibration: Calibration

    @classmethod
    def open(
        cls, path: Path, config: Mapping[str, Any], *, num_threads: int = 1, complexity_threshold: float | None = None
    ) -> Self:
        """The file at `path`, whose directory `config` was read from, after its checksums were compared.

        `complexity_threshold` replaces the routing threshold of the file. Raises ArtifactError for anything missing,
        altered or not readable.
        """
        verify_checksums(path, config)
        model, calibration = config["model"], Calibration.from_dict(config["calibration"])
        if (views := model.get("views", "separate")) != "separate":
            raise ArtifactError(
                f"{path.parent / CONFIG_FILE}: model.views={views!r} was removed, and only 'separate' is read; use the version "
                "that wrote it, or train the model again"
            )
        _check_sizes(model, path.parent / CONFIG_FILE)
        tokenizer = GuardTokenizer.from_file(
            path.parent / TOKENIZER_FILE,
            max_tokens=model["max_tokens"],
            window_overlap=model["window_overlap"],
            chars_per_token=model["chars_per_token"],
            char_vocab_size=model["char_vocab_size"],
        )
        return cls(open_session(path, num_threads, complexity_threshold), tokenizer, calibration)

    def text_scores(self, texts: Sequence[str], name: str) -> TextScores:
        """The scores of N texts, each window on its own as it is served. Raises GuardrailError, as `score_plan`."""
        plan = plan_windows(texts, self.tokenizer, SERVED)
        windows, _ = score_plan(plan, self.tokenizer, self.run, batch_size=1, name=name)
        return self.verdicts(windows)

    def probabilities(self, windows: WindowScores, num_windows: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """As `WindowScores.probabilities`, by the calibration of this file."""
        return windows.probabilities(self.calibration.temperature, self.calibration.window_penalty, num_windows)

    def verdicts(self, windows: WindowScores) -> TextScores:
        """As `WindowScores.verdicts`, by the calibration of this file."""
        return windows.verdicts(self.calibration.temperature, self.calibration.window_penalty)

    def run(self, batch: Encoding) -> Outputs:
        """logits (B, 4), family_logits (B, 16), p_deep (B,), is_deep (B,) of one batch. Raises ArtifactError."""
        try:
            logits, family_logits, p_deep = self.session.run(OUTPUT_NAMES, batch.feeds())
        except _errors_of_onnxruntime() as error:
            raise ArtifactError(f"ONNX Runtime cannot run the model: {error}; export it again") from error
        return logits, family_logits, p_deep, p_deep > self.calibration.complexity_threshold


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    """What cannot be read raises ArtifactError: a directory of another user is the usual mistake with a mounted volume."""
    try:
        yield
    except OSError as error:
        advice = "copy the whole exported directory again"
        if isinstance(error, PermissionError):
            advice = "let the user of this process read the directory and its files (chmod -R a+rX)"
        raise ArtifactError(f"cannot read {error.filename}: {error.strerror}; {advice}") from error


@_reading()
def artifact_directory(directory: Path) -> Path:
    """The exported directory: `directory`, or the one that optimize_model.py wrote inside that of a run."""
    inside = directory / INSIDE_A_RUN
    return inside if inside.is_dir() and not (directory / CONFIG_FILE).is_file() else directory


@_reading()
def locate_model(directory: Path, file: str) -> Path:
    """The path of a model file. Raises ArtifactError that names what is there when there is none, ValueError for no file name."""
    if Path(file).name != file:
        raise ValueError(f"file must be the name of a model file in the directory, such as {INT8_FILE!r}, got {str(file)!r}")
    _require_directory(directory)
    path = directory / file
    if not path.is_file():
        others = sorted(found.name for found in directory.glob("*.onnx"))
        raise ArtifactError(f"no model at {path}; {directory} has {others or 'no .onnx files'}: run optimize_model.py")
    return path


@_reading()
def read_artifact_config(directory: Path) -> dict[str, Any]:
    """config.json of an exported directory, checked for its checksum, schema, label order and keys.

    A file from before checksums of config.json were stored has none to compare. Raises ArtifactError.
    """
    _require_directory(directory)
    path = directory / CONFIG_FILE
    if not path.is_file():
        raise ArtifactError(f"expected {path} beside the model, found none; copy the whole exported directory")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # ValueError: also a number of too many digits
        raise ArtifactError(f"{path} is not valid JSON: {error}; export the model again") from error
    if not isinstance(config, dict):
        raise ArtifactError(f"expected {path} to hold an object, found {type(config).__name__}; export the model again")
    if "checksum" in config and config["checksum"] != checksum_of(config):
        raise ArtifactError(
            f"{path} does not match the checksum inside it: it is damaged or was edited; copy it or export the model again "
            "(thresholds are changed by `tinyguardrail calibrate`, or per call)"
        )
    missing = {"schema", "labels", "families", "calibration", "model", "files"} - set(config)
    if missing:
        raise ArtifactError(f"{path} lacks {sorted(missing)}; export the model again")
    if config["schema"] != SCHEMA:
        raise ArtifactError(f"{path} has schema {config['schema']}, this code reads {SCHEMA}; export the model again")
    for key, expected in (("labels", Label.names()), ("families", Family.names())):
        if config[key] != expected:
            raise ArtifactError(f"{path}: expected {key} {expected}, found {config[key]}; export the model again")
    if config["calibration"] is None:
        raise ArtifactError(f"{path} has no calibration; run scripts/calibrate_threshold.py, then export again")
    _check_kinds(config, path)
    return config


def _check_kinds(config: Mapping[str, Any], path: Path) -> None:
    """A checksum inside the file says that it is whole, not that an exporter wrote it."""
    for key in ("calibration", "model", "files"):
        if not isinstance(config[key], dict):
            raise ArtifactError(f"{path}: expected {key} to be an object, found {config[key]!r:.80}; export the model again")


def _check_sizes(model: Mapping[str, Any], path: Path) -> None:
    """What texts are cut by; `path` is that of config.json."""
    for key, least in MODEL_SIZES.items():
        size = model.get(key)
        if type(size) is not int or not least <= size <= LARGEST_SIZE:
            raise ArtifactError(
                f"{path}: expected model.{key} to be a whole number in [{least}, {LARGEST_SIZE}], found {size!r:.80}; export the "
                "model again"
            )
    if model["window_overlap"] >= model["max_tokens"] - 2:
        raise ArtifactError(f"{path}: expected model.window_overlap below model.max_tokens - 2; export the model again")


def recorded_canaries(config: Mapping[str, Any], file: str) -> Any:
    """What config.json records of the canary prompts of a file; None where the whole record is not there."""
    recorded = config.get("canaries")
    if not isinstance(recorded, dict) or not isinstance(recorded.get("files"), dict):
        return None
    tolerance, policy = recorded.get("tolerance"), recorded.get("policy")
    is_whole = isinstance(tolerance, int | float) and isinstance(policy, str) and policy in POLICIES
    return recorded["files"].get(file) if is_whole else None


def _require_directory(directory: Path) -> None:
    if not directory.is_dir() and directory == RELEASE:
        advice = "make a release of a run with scripts/make_release.py" if IN_CHECKOUT else "install a version that brings one"
        raise ArtifactError(
            f"this {'checkout' if IN_CHECKOUT else 'installation'} has no released guard at {directory}: name an exported "
            f"directory (--model DIR, Guard.load(DIR)), or {advice}"
        )
    if not directory.is_dir():
        raise ArtifactError(f"no exported directory at {directory}; write one with `python optimize_model.py`")


def checksum_of(config: Mapping[str, Any]) -> str:
    """SHA-256 of what a config says, whatever its layout and the order of its keys; its own checksum is left out."""
    content = {key: value for key, value in config.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@_reading()
def verify_checksums(path: Path, config: Mapping[str, Any]) -> None:
    """The model and its tokenizer must be the files that config.json was written for. Raises ArtifactError."""
    for file in (path, path.parent / TOKENIZER_FILE):
        recorded = config["files"].get(file.name)
        if recorded is None:
            raise ArtifactError(f"config.json beside {path} has no checksum of {file.name}; export the model again")
        if not file.is_file():
            raise ArtifactError(f"expected {file} beside the model, found none; copy the whole exported directory")
        found = sha256_of(file)
        if found != recorded:
            raise ArtifactError(f"{file}: expected SHA-256 {recorded}, found {found}; the file is damaged or from another export")


def serving_file(directory: Path) -> str:
    """The INT8 file of an exported directory that suits this CPU; the choice is logged unless it is the usual one."""
    reduced = ONNX_FILES["int8_reduced"]
    if has_wide_sums() or not (directory / reduced).is_file():
        return INT8_FILE
    log.info("this CPU is not known to have VNNI: serving %s, whose weights have 7 bits", reduced)
    return reduced


def session_options(num_threads: int) -> Any:
    """onnxruntime.SessionOptions with which INT8 files compute what they were trained to on every CPU."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = num_threads, 1
    options.log_severity_level = ERRORS
    if not has_wide_sums():  # kernels that do not saturate; with VNNI the option costs twice the time and changes nothing
        options.add_session_config_entry("session.x64quantprecision", "1")
    return options


def graph_session(model: bytes | Path, num_threads: int = 1, **options: Any) -> Any:
    """A session of any graph, such as the encoder of another guard, with the options that the guard is served with.

    Every session whose times or scores are reported is opened here or by `open_session`. `options` are those of
    onnxruntime.InferenceSession.
    """
    from onnxruntime import InferenceSession

    source = model if isinstance(model, bytes) else str(model)
    return InferenceSession(source, session_options(num_threads), providers=PROVIDERS, **options)


def open_session(path: Path, num_threads: int, complexity_threshold: float | None = None) -> Any:
    """A session on the CPU; `complexity_threshold` replaces the routing threshold of the file (see src/export/onnx.py).

    Raises ArtifactError for a file that ONNX Runtime cannot load, and for an ONNX Runtime that is too old for it.
    """
    import onnxruntime

    _check_version(onnxruntime.__version__)
    options = session_options(num_threads)
    forced = None
    if complexity_threshold is not None:
        forced = onnxruntime.OrtValue.ortvalue_from_numpy(np.array(complexity_threshold, dtype=np.float32))
        options.add_initializer("complexity_threshold", forced)
    refused = _errors_of_onnxruntime()
    try:
        session = _open_mapped(path.resolve(), options, refused)  # ONNX Runtime refuses external data behind a symbolic link
        inputs = [node.name for node in session.get_inputs()]
        outputs = [node.name for node in session.get_outputs()]
    except refused as error:
        raise ArtifactError(f"ONNX Runtime {onnxruntime.__version__} cannot load {path}: {error}") from error
    if set(inputs) != set(INPUT_NAMES) or not set(OUTPUT_NAMES) <= set(outputs):
        raise ArtifactError(
            f"{path}: expected inputs {INPUT_NAMES} and outputs that include {OUTPUT_NAMES}, "
            f"found {inputs} and {outputs}; export the model again"
        )
    session.forced_initializer = forced  # the session reads this memory and does not own it
    return session


def _errors_of_onnxruntime() -> tuple[type[Exception], ...]:
    """What it raises where it cannot load or run a graph; UnicodeDecodeError for names that are no UTF-8."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return (
        state.Fail,
        state.InvalidProtobuf,
        state.InvalidGraph,
        state.InvalidArgument,
        state.NotImplemented,
        state.RuntimeException,
        UnicodeDecodeError,
    )


def _open_mapped(path: Path, options: Any, refused: tuple[type[Exception], ...]) -> Any:
    """A session that maps the large weights of branches and experts while it packs them: less time, a third less memory.

    Once they are packed the file is not read any more. ONNX Runtime refuses to map some files, such as those with a second
    hard link; these are read whole.
    """
    from onnxruntime import InferenceSession

    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(path.parent))
    try:
        return InferenceSession(name_weights(path), options, providers=PROVIDERS)
    except refused + (ValueError,):
        return InferenceSession(str(path), options, providers=PROVIDERS)


def _check_version(version: str) -> None:
    found = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if found < OLDEST_ONNXRUNTIME:
        oldest = ".".join(map(str, OLDEST_ONNXRUNTIME))
        raise ArtifactError(
            f"expected ONNX Runtime {oldest} or newer (the graph is of opset 23), found {version}; "
            "run pip install --upgrade onnxruntime"
        )
