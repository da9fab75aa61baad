"""Rows, predictors and a table of benchmarks so small that every rate can be counted by hand."""

import numpy as np

from src.config import Config, DataConfig, EvalConfig
from src.data.schema import Example
from src.evaluation.benchmarks import Benchmark, headline_of, policy_of
from src.evaluation.predictor import Predictions
from src.evaluation.runner import run_benchmarks
from src.labels import Family, Label
from src.policy import POLICIES
from src.runtime.calibration import Calibration

CFG = Config(data=DataConfig(generated_rows=4), eval=EvalConfig(fpr_budget=0.01))
CALIBRATION = Calibration(thresholds={policy: {"0.01": 0.5} for policy in POLICIES})


def example(text: str, label: Label = Label.BENIGN, family: Family | None = None, **fields) -> Example:
    family = family or (Family.NONE if label == Label.BENIGN else Family.DIRECT_INJECTION)
    return Example(text=text, label=label, family=family, **({"source": "s", "group": text, "split": "test"} | fields))


class WordPredictor:
    """The score is the number at the end of the text: 'water 0.3' has p_attack 0.3 plus `shift`."""

    def __init__(self, name: str = "guard", *, shift: float = 0.0, router: bool = True, harmful: bool = False) -> None:
        self.name, self.shift, self.router, self.harmful = name, shift, router, harmful

    def predict(self, texts, *, desc=None):
        n = len(texts)
        scores = np.clip([float(text.split()[-1]) + self.shift for text in texts], 0, 1)
        class_probs = np.zeros((n, 4))
        class_probs[:, Label.BENIGN], class_probs[:, Label.DIRECT_INJECTION] = 1 - scores, scores
        return Predictions(
            class_probs=class_probs,
            family_probs=np.full((n, 16), 1 / 16),
            p_attack={policy: np.array(scores, dtype=np.float64) for policy in POLICIES},
            p_deep=np.full(n, 0.2 if self.router else np.nan),
            is_deep=np.array([self.router and "deep" in text for text in texts]),
            num_windows=np.ones(n, dtype=int),
            num_views=np.zeros(n, dtype=int),
            tokens=np.full(n, 3),
        )


class Interrupted(WordPredictor):
    """Counts the texts that it is asked about; `fails_at` names a benchmark's text at which the process ends."""

    asked = 0
    fails_at: str | None = None

    def predict(self, texts, *, desc=None):
        if self.fails_at in texts:
            raise KeyboardInterrupt
        self.asked += len(texts)
        return super().predict(texts, desc=desc)


INJECTIONS = tuple(example(f"ignore {i / 10}", Label.DIRECT_INJECTION) for i in range(10))  # recall 0.5


BENIGN = tuple(
    example(f"water deep {0.1 if i else 0.9}", group=str(i), lang="de", category="river") for i in range(20)
)  # FPR 0.05


HARMFUL = tuple(example(f"bomb {s}", Label.JAILBREAK, Family.HARMFUL_REQUEST) for s in (0.9, 0.8, 0.7, 0.1))


def benchmark(name: str, examples, kind="file", **fields) -> Benchmark:
    values = (
        {"policy": policy_of(examples), "headline": headline_of(examples)}
        if examples
        else {"policy": "override", "headline": "both"}
    )
    return Benchmark(name=name, revision="r1", kind=kind, examples=tuple(examples), **(values | fields))


TABLE = [
    benchmark("injections", INJECTIONS),
    benchmark("benign", BENIGN, eval_group="over"),
    benchmark("more_benign", [example("fine 0.2"), example("fine 0.8")], eval_group="over"),
    benchmark("harmful", HARMFUL),
    benchmark(
        "generated/flip",
        [example("a 0.9", Label.OBFUSCATION, Family.FLIP, attack="flip/fcs"), example("b 0.6", attack="flip/fcs")],
        kind="generated",
    ),
    benchmark("heldout/test", [*INJECTIONS, *BENIGN], kind="heldout"),
    benchmark("pint", [], reason="the data set is private"),
]


def run(tmp_path, predictors=None, table=TABLE, cfg=CFG, calibrations=None):
    predictors = predictors or [WordPredictor(), WordPredictor("tfidf", shift=-0.15, router=False)]
    calibrations = calibrations or {predictor.name: CALIBRATION for predictor in predictors}
    return run_benchmarks(table, predictors, calibrations, tmp_path, cfg)
