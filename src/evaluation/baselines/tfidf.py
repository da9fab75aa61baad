"""TF-IDF over word and character n-grams: the least that a guard has to beat."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from ...data.schema import Example, families_of, labels_of
from ...errors import DataError
from ...runtime.calibration import Calibration
from ..predictor import Predictions, join_predictions, no_predictions
from .five_classes import NUM_CLASSES, five_classes, maximum_over_windows, split_five_classes

log = logging.getLogger(__name__)

TEXTS_PER_BATCH = 2048  # texts scored in one batch: n-grams take many times the memory of their text


class TfidfPredictor:
    """Word 1-2-grams and character 3-5-grams inside words, TF-IDF, multinomial logistic regression.

    Four labels and plain harmful requests are five classes, so that `src.policy.p_attack` gives both policies.
    A text is read whole: one window. There is no router, so p_deep is NaN.
    """

    def __init__(self, word: TfidfVectorizer, char: TfidfVectorizer, classifier: LogisticRegression, name: str) -> None:
        self.name = name
        self.calibration = Calibration()
        self._word, self._char, self._classifier = word, char, classifier

    @classmethod
    def fit(cls, examples: Sequence[Example], *, max_features: int, max_iter: int = 100, name: str = "tfidf") -> TfidfPredictor:
        """Train on `examples`, deterministically. `max_features` bounds each of the two kinds of n-grams.

        Classes are weighted inversely to their rows. Raises DataError for fewer than two classes.
        """
        classes = five_classes(labels_of(examples), families_of(examples))
        class_ids = np.unique(classes)
        if class_ids.size < 2:
            raise DataError(f"the TF-IDF baseline needs benign and attack rows to train on, found classes {class_ids.tolist()}")
        texts = [example.text for example in examples]
        options = {
            "sublinear_tf": True,
            "max_features": max_features,
            "dtype": np.float32,
            "min_df": 2 if len(texts) > 1000 else 1,
        }
        word = TfidfVectorizer(analyzer="word", ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", **options)  # noqa: S106
        char = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), **options)
        features = sparse.hstack([word.fit_transform(texts), char.fit_transform(texts)], format="csr")
        log.info("tfidf: %d rows, %d features", *features.shape)
        classifier = LogisticRegression(C=10.0, solver="lbfgs", max_iter=max_iter, class_weight="balanced", tol=1e-3)
        classifier.fit(features, classes)
        if classifier.n_iter_.max() >= max_iter:
            log.warning("tfidf: the solver used all %d iterations", max_iter)
        return cls(word, char, classifier, name)

    def predict(self, texts: Sequence[str], *, desc: str | None = None) -> Predictions:
        """Scores of N texts, in order. `desc` is accepted for the protocol; there is no progress to show."""
        if len(texts) == 0:
            return no_predictions()
        starts = range(0, len(texts), TEXTS_PER_BATCH)
        predictions = join_predictions([self._predict(texts[start : start + TEXTS_PER_BATCH]) for start in starts])
        predictions.check(len(texts), self.name)
        return predictions

    def _predict(self, texts: Sequence[str]) -> Predictions:
        features = sparse.hstack([self._word.transform(texts), self._char.transform(texts)], format="csr")
        five_probs = np.zeros((len(texts), NUM_CLASSES))
        five_probs[:, self._classifier.classes_] = self._classifier.predict_proba(features)
        tokenize = self._word.build_tokenizer()
        tokens = [len(tokenize(text)) for text in texts]
        return maximum_over_windows(*split_five_classes(five_probs), np.arange(len(texts)), tokens)
