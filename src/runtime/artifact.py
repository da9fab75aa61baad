"""Reading an exported directory: required files, checksums, and the session that runs its graph.

`src/export/artifact.py` writes the directory; the names of its files and of the keys of config.json are defined here.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
# Every exported directory has fp32 and int8.
ONNX_FILES: dict[Precision, str] = {
    "fp32": "model.onnx",
    "int8": "model_int8.onnx",
    "int8_reduced": "model_int8_reduced.onnx",
    "int4": "model_int4.onnx",
}
INT8_FILE = ONNX_FILES["int8"]
TOKENIZER_FILE, CONFIG_FILE, CARD_FILE = "tokenizer.json", "config.json", "README.md"
OPTIMIZED_DIR = "optimized"  # the directory name of RunPaths.optimized
PACKAGE = Path(__file__).resolve().parents[1]
IN_CHECKOUT = (PACKAGE.parent / "pyproject.toml").is_file()
# The released guard: beside src in a checkout, where scripts/make_release.py writes it; inside the package when installed
# (setup.py).
RELEASE = (PACKAGE.parent if IN_CHECKOUT else PACKAGE) / "release"
MODEL_SIZES = {"max_tokens": 3, "window_overlap": 0, "chars_per_token": 1, "char_vocab_size": 1}  # key of `model` -> least value
MAX_SIZE = 1 << 16  # greatest value of these keys
INPUT_NAMES = ["input_ids", "attention_mask", "char_ids"]
OUTPUT_NAMES = ["logits", "family_logits", "p_deep"]
PROVIDERS = ["CPUExecutionProvider"]
ERROR_SEVERITY = 3  # least severity that ONNX Runtime logs; its warnings are about graphs, and a server cannot act on them
OLDEST_ONNXRUNTIME = (1, 23)  # the first release with every operator of opset 23 on the CPU


@dataclass(frozen=True)
class Network:
    """An open model file with its tokenizer and calibration."""

    session: Any  # onnxruntime.InferenceSession; the package has no type annotations
    tokenizer: GuardTokenizer
    calibration: Calibration

    @classmethod
    def open(
        cls, path: Path, config: Mapping[str, Any], *, num_threads: int = 1, complexity_threshold: float | None = None
    ) -> Self:
        """Open the file at `path` after comparing its checksums; `config` is the config.json of its directory.

        `complexity_threshold` replaces the routing threshold of the file. Raises ArtifactError for anything missing,
        altered or unreadable.
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
        """The scores of N texts, with one window per batch as in serving. Raises GuardrailError, as `score_plan`."""
        plan = plan_windows(texts, self.tokenizer, replace(SERVED, max_segments=self.calibration.max_segments))
        windows, _ = score_plan(plan, self.tokenizer, self.run, batch_size=1, name=name)
        return self.verdicts(windows)

    def probabilities(self, windows: WindowScores, num_windows: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """`WindowScores.probabilities` with the calibration of this file."""
        return windows.probabilities(self.calibration.temperature, self.calibration.window_penalty, num_windows)

    def verdicts(self, windows: WindowScores) -> TextScores:
        """`WindowScores.verdicts` with the calibration of this file."""
        return windows.verdicts(self.calibration.temperature, self.calibration.window_penalty)

    def run(self, batch: Encoding) -> Outputs:
        """logits (B, 4), family_logits (B, 16), p_deep (B,), is_deep (B,) of one batch. Raises ArtifactError."""
        try:
            logits, family_logits, p_deep = self.session.run(OUTPUT_NAMES, batch.feeds())
        except _onnxruntime_errors() as error:
            raise ArtifactError(f"ONNX Runtime cannot run the model: {error}; export it again") from error
        return logits, family_logits, p_deep, p_deep > self.calibration.complexity_threshold


@contextlib.contextmanager
def _convert_read_errors() -> Iterator[None]:
    """Raise ArtifactError for an OSError; the usual cause is a mounted volume whose files belong to another user."""
    try:
        yield
    except OSError as error:
        advice = "copy the whole exported directory again"
        if isinstance(error, PermissionError):
            advice = "let the user of this process read the directory and its files (chmod -R a+rX)"
        raise ArtifactError(f"cannot read {error.filename}: {error.strerror}; {advice}") from error


@_convert_read_errors()
def artifact_directory(directory: Path) -> Path:
    """The exported directory: `directory` itself, or the one that optimize_model.py wrote inside the directory of a run."""
    nested = directory / OPTIMIZED_DIR
    return nested if nested.is_dir() and not (directory / CONFIG_FILE).is_file() else directory


@_convert_read_errors()
def locate_model(directory: Path, file: str) -> Path:
    """The path of a model file. Raises ArtifactError, which lists the models there, for a missing file, ValueError for a path."""
    if Path(file).name != file:
        raise ValueError(f"file must be the name of a model file in the directory, such as {INT8_FILE!r}, got {str(file)!r}")
    _require_directory(directory)
    path = directory / file
    if not path.is_file():
        others = sorted(path.name for path in directory.glob("*.onnx"))
        raise ArtifactError(f"no model at {path}; {directory} has {others or 'no .onnx files'}: run optimize_model.py")
    return path


@_convert_read_errors()
def read_artifact_config(directory: Path) -> dict[str, Any]:
    """Read config.json of an exported directory and check its checksum, schema, label order and keys.

    Files of earlier versions have no checksum of config.json. Raises ArtifactError.
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
    _check_types(config, path)
    return config


def _check_types(config: Mapping[str, Any], path: Path) -> None:
    """Check value types: the checksum inside the file shows that it is whole, not that an exporter wrote it."""
    for key in ("calibration", "model", "files"):
        if not isinstance(config[key], dict):
            raise ArtifactError(f"{path}: expected {key} to be an object, found {config[key]!r:.80}; export the model again")


def _check_sizes(model: Mapping[str, Any], path: Path) -> None:
    """Check the sizes that windows are built with; `path` is the path of config.json."""
    for key, least in MODEL_SIZES.items():
        size = model.get(key)
        if type(size) is not int or not least <= size <= MAX_SIZE:
            raise ArtifactError(
                f"{path}: expected model.{key} to be a whole number in [{least}, {MAX_SIZE}], found {size!r:.80}; export the "
                "model again"
            )
    if model["window_overlap"] >= model["max_tokens"] - 2:
        raise ArtifactError(f"{path}: expected model.window_overlap below model.max_tokens - 2; export the model again")


def recorded_canaries(config: Mapping[str, Any], file: str) -> Any:
    """The canary prompts of a model file as recorded in config.json; None where the record is incomplete."""
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
    """SHA-256 of the content of a config, independent of layout and key order and without its own checksum."""
    content = {key: value for key, value in config.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@_convert_read_errors()
def verify_checksums(path: Path, config: Mapping[str, Any]) -> None:
    """Compare the checksums of the model and its tokenizer with config.json. Raises ArtifactError."""
    for file in (path, path.parent / TOKENIZER_FILE):
        recorded = config["files"].get(file.name)
        if recorded is None:
            raise ArtifactError(f"config.json beside {path} has no checksum of {file.name}; export the model again")
        if not file.is_file():
            raise ArtifactError(f"expected {file} beside the model, found none; copy the whole exported directory")
        actual = sha256_of(file)
        if actual != recorded:
            raise ArtifactError(
                f"{file}: expected SHA-256 {recorded}, found {actual}; the file is damaged or from another export"
            )


def serving_file(directory: Path) -> str:
    """The INT8 file of an exported directory that suits this CPU; logs the choice of the reduced file."""
    reduced = ONNX_FILES["int8_reduced"]
    if has_wide_sums() or not (directory / reduced).is_file():
        return INT8_FILE
    log.info("this CPU is not known to have VNNI: serving %s, whose weights have 7 bits", reduced)
    return reduced


def session_options(num_threads: int) -> Any:
    """onnxruntime.SessionOptions with which INT8 files give the trained results on every CPU."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = num_threads, 1
    options.log_severity_level = ERROR_SEVERITY
    if not has_wide_sums():  # selects kernels that do not saturate; with VNNI it doubles the time and changes nothing
        options.add_session_config_entry("session.x64quantprecision", "1")
    return options


def graph_session(model: bytes | Path, num_threads: int = 1, **options: Any) -> Any:
    """A session of any graph, such as the encoder of another guard, with the session options of the served guard.

    Every session whose times or scores are reported is opened here or by `open_session`. `options` are passed to
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
    threshold = None
    if complexity_threshold is not None:
        threshold = onnxruntime.OrtValue.ortvalue_from_numpy(np.array(complexity_threshold, dtype=np.float32))
        options.add_initializer("complexity_threshold", threshold)
    load_errors = _onnxruntime_errors()
    try:
        session = _open_mapped(path.resolve(), options, load_errors)  # ONNX Runtime refuses external data behind a symbolic link
        inputs = [node.name for node in session.get_inputs()]
        outputs = [node.name for node in session.get_outputs()]
    except load_errors as error:
        raise ArtifactError(f"ONNX Runtime {onnxruntime.__version__} cannot load {path}: {error}") from error
    if set(inputs) != set(INPUT_NAMES) or not set(OUTPUT_NAMES) <= set(outputs):
        raise ArtifactError(
            f"{path}: expected inputs {INPUT_NAMES} and outputs that include {OUTPUT_NAMES}, "
            f"found {inputs} and {outputs}; export the model again"
        )
    session.forced_initializer = threshold  # keeps the memory alive, which the session reads but does not own
    return session


def _onnxruntime_errors() -> tuple[type[Exception], ...]:
    """Exceptions of ONNX Runtime for graphs that it cannot load or run; UnicodeDecodeError for names that are not UTF-8."""
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


def _open_mapped(path: Path, options: Any, load_errors: tuple[type[Exception], ...]) -> Any:
    """A session that maps the large weights of branches and experts while it packs them: less time, a third less memory.

    The file is not read after packing. ONNX Runtime refuses to map some files, such as those with a second hard link; these
    are read whole.
    """
    from onnxruntime import InferenceSession

    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(path.parent))
    try:
        return InferenceSession(name_weights(path), options, providers=PROVIDERS)
    except load_errors + (ValueError,):
        return InferenceSession(str(path), options, providers=PROVIDERS)


def _check_version(version: str) -> None:
    major_minor = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if major_minor < OLDEST_ONNXRUNTIME:
        oldest = ".".join(map(str, OLDEST_ONNXRUNTIME))
        raise ArtifactError(
            f"expected ONNX Runtime {oldest} or newer (the graph is of opset 23), found {version}; "
            "run pip install --upgrade onnxruntime"
        )
