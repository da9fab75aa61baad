"""One protocol for everything that scores texts: a live model, an exported file, a baseline.

The scores of a text are the maximum over its windows and over the windows of its decoded views, so no text is
truncated, and neither padding nor an encoding hides an attack. N = texts, W = windows (W >= N), K = 4 classes, F = 16 families.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

import numpy as np
from scipy.special import expit

from ..checkpoint import load_best_model
from ..config import from_dict
from ..errors import ArtifactError, CheckpointError, DataError
from ..files import atomic_write, load_arrays, sha256_of
from ..labels import NUM_FAMILIES, NUM_LABELS
from ..policy import POLICIES
from ..progress import ProgressBar
from ..runtime.artifact import CONFIG_FILE, TOKENIZER_FILE, Network, locate_model, read_artifact_config, serving_file
from ..runtime.calibration import Calibration
from ..runtime.plan import SERVED, UNLIMITED, Limits, plan_windows
from ..runtime.scores import Outputs, TextScores, WindowScores, length_sorted_batches, score_plan
from ..text.tokenization import Encoding, GuardTokenizer
from .metrics import share_of

if TYPE_CHECKING:  # torch costs a second of import that the exported file does not need
    import torch

    from ..models.dual_branch import TinyGuardrail

BATCHES_PER_TASK = 32  # batches of texts that a thread takes at a time


Predictions = TextScores  # what every predictor gives, guard or baseline


def deep_share(predictions: Predictions, mask: np.ndarray | None = None) -> dict[str, Any]:
    """Share of the texts, or of those in mask (N,) bool, with a window sent deep, and its interval; None without a router."""
    routed = np.isfinite(predictions.p_deep)
    return share_of(predictions.is_deep[routed if mask is None else routed & mask])


def take_texts(predictions: Predictions, rows: np.ndarray | slice) -> Predictions:
    """The predictions for the texts at these indices (n,), in their order, or in this slice."""
    return _combine([predictions], lambda arrays: arrays[0][rows])


def join_predictions(parts: Sequence[Predictions]) -> Predictions:
    """Concatenate the predictions of the parts."""
    return _combine(parts, np.concatenate)


def _combine(parts: Sequence[Predictions], combine: Callable[[list[np.ndarray]], np.ndarray]) -> Predictions:
    names = [item.name for item in fields(Predictions) if item.name != "p_attack"]
    return Predictions(
        p_attack={policy: combine([part.p_attack[policy] for part in parts]) for policy in POLICIES},
        **{name: combine([getattr(part, name) for part in parts]) for name in names},
    )


_SCORES_PREFIX = "p_attack_"  # array name in the .npz file: this and the policy


def save_predictions(path: Path, predictions: Predictions) -> None:
    """Write to an .npz file, whole or not at all."""
    arrays = {item.name: getattr(predictions, item.name) for item in fields(predictions) if item.name != "p_attack"}
    arrays |= {f"{_SCORES_PREFIX}{policy}": values for policy, values in predictions.p_attack.items()}
    with atomic_write(path) as partial, partial.open("wb") as file:
        np.savez(file, **arrays)


def load_predictions(path: Path) -> Predictions:
    """The inverse of `save_predictions`. Raises ArtifactError for a file that is not one."""
    try:
        arrays = load_arrays(path, "remove it and run again")
        p_attack = {policy: arrays[f"{_SCORES_PREFIX}{policy}"] for policy in POLICIES}
        others = {item.name: arrays[item.name] for item in fields(Predictions) if item.name != "p_attack"}
    except (DataError, OSError, KeyError) as error:
        raise ArtifactError(f"{path} does not hold predictions ({error}); remove it and run again") from error
    return Predictions(p_attack=p_attack, **others)


def no_predictions() -> Predictions:
    """Predictions for no texts."""
    return Predictions(
        class_probs=np.zeros((0, NUM_LABELS)),
        family_probs=np.zeros((0, NUM_FAMILIES)),
        p_attack={policy: np.zeros(0) for policy in POLICIES},
        p_deep=np.zeros(0),
        is_deep=np.zeros(0, dtype=bool),
        num_windows=np.zeros(0, dtype=int),
        tokens=np.zeros(0, dtype=int),
        num_views=np.zeros(0, dtype=int),
    )


class Predictor(Protocol):
    """Scores texts. `name` is the column it gets in every table."""

    name: str

    def predict(self, texts: Sequence[str], *, desc: str | None = None) -> Predictions:
        """Scores of N texts, in order. `desc` titles a progress bar; None shows none. Raises GuardrailError for NaN."""
        ...


Route = Literal["fast", "deep"]
# Routing thresholds that send every prompt to the fast branch, or to the deep one.
FORCED_ROUTES: dict[Route, float] = {"fast": 2.0, "deep": -1.0}


class _NetworkPredictor:
    """The common part of live model and exported file: windows, batches, order, temperature and checks."""

    name: str
    calibration: Calibration
    tokenizer: GuardTokenizer
    batch_size: int
    limits: Limits = UNLIMITED  # on windows and views per text

    def _run(self, batch: Encoding) -> Outputs:
        """logits (B, 4), family_logits (B, 16), p_deep (B,), is_deep (B,) of one batch."""
        raise NotImplementedError

    def with_batch_size(self, batch_size: int) -> Self:
        """The same guard (not a copy of its weights) with this number of windows in a forward pass."""
        other = copy.copy(self)
        other.batch_size = batch_size
        return other

    def predict(self, texts: Sequence[str], *, desc: str | None = None) -> Predictions:
        """Scores of N texts, in order. `desc` titles a progress bar; None shows none. Raises GuardrailError for NaN."""
        if len(texts) == 0:
            return no_predictions()
        predictions = self.window_scores(texts, desc=desc).verdicts(self.calibration.temperature, self.calibration.window_penalty)
        predictions.check(len(texts), self.name)
        return predictions

    def window_scores(self, texts: Sequence[str], *, desc: str | None = None) -> WindowScores:
        """The routed outputs of the windows of the texts and of their views that the limits leave, in text order.

        Raises GuardrailError for outputs that are not finite.
        """
        limits = replace(self.limits, max_segments=self.calibration.max_segments)
        plan = plan_windows(texts, self.tokenizer, limits)
        windows, _ = score_plan(plan, self.tokenizer, self._run, batch_size=self.batch_size, name=self.name, desc=desc)
        return windows

    def router_scores(self, texts: Sequence[str], *, desc: str | None = None) -> np.ndarray:
        """P(complex) of each text, maximum over its windows without its views (N,)."""
        windows = self.tokenizer.windows(texts)
        scores = np.full(len(texts), -np.inf)
        text_of = np.array([window.text_index for window in windows])
        for indices, batch in length_sorted_batches(self.tokenizer, windows, self.batch_size, desc):
            np.maximum.at(scores, text_of[indices], self._p_deep(batch))
        return scores

    def _p_deep(self, batch: Encoding) -> np.ndarray:
        """P(complex) (B,) of one batch."""
        return self._run(batch)[2].astype(np.float64)


class TorchPredictor(_NetworkPredictor):
    """A live `TinyGuardrail`, routed as when served: each window runs through one branch."""

    def __init__(
        self,
        model: TinyGuardrail,
        tokenizer: GuardTokenizer,
        calibration: Calibration,
        *,
        device: str | torch.device = "cpu",
        batch_size: int = 32,
        mixed_precision: Literal["no", "bf16"] = "no",
        name: str = "tinyguardrail",
    ) -> None:
        import torch

        self.name, self.tokenizer, self.calibration, self.batch_size = name, tokenizer, calibration, batch_size
        self.device, self.mixed_precision = torch.device(device), mixed_precision
        self.model = model.to(self.device)

    @classmethod
    def from_checkpoint(
        cls,
        path: Path,
        *,
        device: str | torch.device = "cpu",
        batch_size: int = 32,
        mixed_precision: Literal["no", "bf16"] = "no",
        imitate_int8: bool = False,
    ) -> Self:
        """The model of a `best_model.pth`, with its stored calibration (which may lack thresholds).

        `imitate_int8` computes as the exported INT8 file will: thresholds are fitted on what is served.

        Raises CheckpointError for a file that is missing, damaged, or of another schema or architecture.
        """
        import torch

        from ..models.backbone import load_guard_tokenizer
        from ..models.dual_branch import TinyGuardrail
        from ..models.quantized import set_fake_quant

        state = load_best_model(path)
        cfg = from_dict(state["config"])
        with torch.random.fork_rng(devices=[]):  # the random weights, which are overwritten next, must not advance the generator
            model = TinyGuardrail(cfg.model)
        try:
            model.load_state_dict(state["model"])
        except RuntimeError as error:  # missing, unexpected or misshaped tensors
            raise CheckpointError(f"{path} does not fit the model that its own config describes: {error}") from error
        set_fake_quant(model, imitate_int8)
        calibration_dict = state["calibration"]
        calibration = (
            Calibration(complexity_threshold=cfg.router.complexity_threshold)
            if calibration_dict is None
            else Calibration.from_dict(calibration_dict)
        )
        tokenizer = load_guard_tokenizer(cfg.model)
        return cls(model, tokenizer, calibration, device=device, batch_size=batch_size, mixed_precision=mixed_precision)

    def with_calibration(self, calibration: Calibration) -> Self:
        """The same model (not a copy of it) under another calibration."""
        other = copy.copy(self)
        other.calibration = calibration
        return other

    def window_scores(self, texts: Sequence[str], *, desc: str | None = None) -> WindowScores:
        """As the base class. The model is in evaluation mode meanwhile; its own mode is restored."""
        with self._inference():
            return super().window_scores(texts, desc=desc)

    def router_scores(self, texts: Sequence[str], *, desc: str | None = None) -> np.ndarray:
        """As the base class. Runs the router only."""
        with self._inference():
            return super().router_scores(texts, desc=desc)

    def _p_deep(self, batch: Encoding) -> np.ndarray:
        return expit(self.model.router_logits(*self._to_device(batch)).float().cpu().numpy().astype(np.float64))

    def _run(self, batch: Encoding) -> Outputs:
        output = self.model.route(*self._to_device(batch), self.calibration.complexity_threshold)
        values = (output.logits, output.family_logits, output.p_deep)
        logits, family_logits, p_deep = (value.float().cpu().numpy() for value in values)
        return logits, family_logits, p_deep, output.is_deep.cpu().numpy()

    def _to_device(self, batch: Encoding) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        import torch

        arrays = (batch.input_ids, batch.attention_mask, batch.char_ids)
        input_ids, attention_mask, char_ids = (torch.from_numpy(array).to(self.device) for array in arrays)
        return input_ids, attention_mask, char_ids

    @contextmanager
    def _inference(self) -> Iterator[None]:
        """Evaluation mode, no gradients, bfloat16 if asked; the model's own mode is restored."""
        import torch

        was_training = self.model.training
        self.model.eval()
        autocast = torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.mixed_precision == "bf16")
        try:
            with torch.inference_mode(), autocast:
                yield
        finally:
            self.model.train(was_training)


def identity_of(path: Path, predictor: _NetworkPredictor) -> str:
    """Identifies all that the scores of the guard at `path` depend on: weights, tokenizer, temperature, limits, batch size."""
    path = Path(path)
    files = sorted(path.glob("*.onnx")) if path.is_dir() else [path]
    if path.is_dir() or path.suffix == ".onnx":
        files += [(path if path.is_dir() else path.parent) / name for name in (CONFIG_FILE, TOKENIZER_FILE)]
    digests = ":".join(sha256_of(file) for file in files)
    calibration = predictor.calibration
    settings = (
        calibration.temperature,
        calibration.window_penalty,
        calibration.max_segments,
        calibration.complexity_threshold,
        predictor.batch_size,
        predictor.name,
        predictor.limits,
    )
    return ":".join([digests, *map(str, settings)])


def load_predictor(
    path: Path, *, device: str = "cpu", batch_size: int = 32, workers: int = 1, route: Route | None = None
) -> tuple[_NetworkPredictor, dict[str, Any]]:
    """The guard at `path` and the configuration that it was trained with (a dict for `src.config.from_dict`).

    A directory is an exported one: its INT8 file is scored one text at a time, as it is served. An .onnx file is
    scored likewise, both by `workers` threads. Anything else is read as a checkpoint; `device` and `batch_size` are for
    checkpoints only.
    `route` sends every text to one branch, whatever the router says.
    Raises ArtifactError or CheckpointError for what cannot be loaded.
    """
    path = Path(path)
    if path.is_dir() or path.suffix == ".onnx":
        directory = path if path.is_dir() else path.parent
        load = OnnxPredictor.from_directory if path.is_dir() else OnnxPredictor.from_file
        predictor = load(path, workers=workers, route=route)
        config = read_artifact_config(directory)
        if "training_config" not in config:
            raise ArtifactError(f"{directory / 'config.json'} lacks training_config; export the model again")
        return predictor, config["training_config"]
    guard = TorchPredictor.from_checkpoint(path, device=device, batch_size=batch_size)
    if route is not None:
        guard = guard.with_calibration(_force_route(guard.calibration, route))
        guard.name = _forced_name(guard.name, route)
    return guard, load_best_model(path)["config"]


def _force_route(calibration: Calibration, route: Route) -> Calibration:
    return replace(calibration, complexity_threshold=FORCED_ROUTES[route])


def _forced_name(name: str, route: Route) -> str:
    return f"{name}, all {route}"


class OnnxPredictor(_NetworkPredictor):
    """An exported file, run by ONNX Runtime on the CPU. Needs `config.json` and `tokenizer.json` beside it.

    INT8 activations are scaled per tensor, so a text's score depends a little on the rest of its batch: numbers that
    are reported use batch_size=1, which is also how the file is served. Long texts are read within
    the limits of the served guard.
    """

    limits = SERVED

    def __init__(self, network: Network, *, batch_size: int = 1, workers: int = 1, name: str = "tinyguardrail-onnx") -> None:
        """workers: threads that share the texts of a call. At batch size 1 they change no score."""
        self.network, self.tokenizer, self.calibration = network, network.tokenizer, network.calibration
        self.batch_size, self.workers, self.name = batch_size, workers, name

    @classmethod
    def from_directory(
        cls,
        directory: Path,
        *,
        file: str | None = None,
        num_threads: int = 1,
        batch_size: int = 1,
        workers: int = 1,
        route: Route | None = None,
        name: str | None = None,
    ) -> Self:
        """A file of an exported directory; None is the one that this CPU serves (src/runtime/cpu.py).

        Raises ArtifactError for anything missing, altered or not readable.
        """
        path = locate_model(Path(directory), file or serving_file(Path(directory)))
        return cls.from_file(path, num_threads=num_threads, batch_size=batch_size, workers=workers, route=route, name=name)

    @classmethod
    def from_file(
        cls,
        path: Path,
        *,
        num_threads: int = 1,
        batch_size: int = 1,
        workers: int = 1,
        route: Route | None = None,
        name: str | None = None,
    ) -> Self:
        """One exported file, with the config.json and tokenizer.json of its directory. Errors as `from_directory`.

        `route` sends every text to one branch, whatever the router says.
        """
        path = locate_model(Path(path).parent, Path(path).name)
        config, name = read_artifact_config(path.parent), name or f"tinyguardrail-{path.stem}"
        forced = None if route is None else FORCED_ROUTES[route]
        network = Network.open(path, config, num_threads=num_threads, complexity_threshold=forced)
        if route is not None:
            network, name = replace(network, calibration=_force_route(network.calibration, route)), _forced_name(name, route)
        return cls(network, batch_size=batch_size, workers=workers, name=name)

    def predict(self, texts: Sequence[str], *, desc: str | None = None) -> Predictions:
        """As the base class, by `workers` threads: a session with one thread holds no lock while it runs.

        The windows of a few tasks are in memory at a time, and no score depends on the number of workers.
        """
        task_size = BATCHES_PER_TASK * self.batch_size
        if len(texts) <= task_size:
            return super().predict(texts, desc=desc)
        tasks = [texts[start : start + task_size] for start in range(0, len(texts), task_size)]
        parts: list[Predictions] = []
        with (
            ThreadPoolExecutor(self.workers) as pool,
            ProgressBar(len(texts), desc, "texts") as progress,
        ):
            try:
                for part in pool.map(super().predict, tasks):
                    parts.append(part)
                    progress.update(len(part))
            except BaseException:  # Ctrl-C too: tasks that have not begun are cancelled
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return join_predictions(parts)

    def _run(self, batch: Encoding) -> Outputs:
        return self.network.run(batch)


class TunableExport(OnnxPredictor):
    """An exported file whose routing threshold and temperature are still free: it is opened again for another calibration.

    Thresholds are fitted with it, since its scores are those that are served.
    """

    def __init__(self, path: Path, *, num_threads: int = 1) -> None:
        """Raises ArtifactError, as `OnnxPredictor.from_file`."""
        self.path, self.num_threads = Path(path), num_threads
        config = read_artifact_config(self.path.parent)
        super().__init__(Network.open(self.path, config, num_threads=num_threads), name=f"tinyguardrail-{self.path.stem}")

    def with_calibration(self, calibration: Calibration) -> Self:
        """The same file under another calibration."""
        other = copy.copy(self)
        config, threshold = read_artifact_config(self.path.parent), calibration.complexity_threshold
        network = Network.open(self.path, config, num_threads=self.num_threads, complexity_threshold=threshold)
        other.network, other.calibration = replace(network, calibration=calibration), calibration
        return other

    def router_scores(self, texts: Sequence[str], *, desc: str | None = None) -> np.ndarray:
        """As the base class, by the fast branch alone."""
        return super(TunableExport, self.with_calibration(_force_route(self.calibration, "fast"))).router_scores(texts, desc=desc)
