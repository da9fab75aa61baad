"""The guards, the worker and the metrics of one process: what the endpoints of every dialect ask for verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from platform import python_version
from typing import Any

from src.errors import ArtifactError
from src.policy import DOCUMENT_POLICY, POLICIES, Policy
from src.runtime import ConversationVerdict, Explanation, Guard, Verdict
from src.runtime.chat import read_messages
from src.serving.metrics import Metrics
from src.serving.models import Info, OperatingPoint, Options
from src.serving.refusals import Refusal
from src.serving.settings import Settings
from src.serving.worker import ChatQuestion, ExplainQuestion, Terms, TextQuestion, Worker

PACKAGES = ("onnxruntime", "tokenizers", "numpy", "fastapi", "uvicorn")
NO_OPTIONS = Options()


def load_guard(settings: Settings) -> Guard:
    """Checksums and canary prompts are verified. Raises ArtifactError."""
    return Guard.load(
        settings.model, policy=settings.policy, fpr_budget=settings.fpr_budget, allow_dry_run=settings.allow_dry_run
    )  # fmt: skip


class Service:
    """Raises ArtifactError for a guard whose thresholds were not fitted under every policy."""

    def __init__(self, guard: Guard, settings: Settings) -> None:
        self.guard, self.settings, self.metrics = guard, settings, Metrics()
        self.is_draining = False  # requests that have begun are answered, others are not
        self._guards = {policy: guard.with_policy(policy) for policy in POLICIES}
        self._worker = Worker(
            self._guards,
            max_batch=settings.max_batch,
            max_waiting=settings.queue,
            timeout=settings.timeout,
            on_length=self.metrics.set_queue_length,
        )

    def start(self) -> None:
        self._worker.start()

    def drain(self) -> None:
        self.is_draining = True

    def close(self) -> None:
        self.drain()
        self._worker.close()

    @property
    def is_ready(self) -> bool:
        """The guard was loaded and its canary prompts passed, or there would be no service; its thread may have ended."""
        return self._worker.is_alive and not self.is_draining

    def terms(self, options: OperatingPoint = NO_OPTIONS, policy: Policy | None = None) -> Terms:
        """What the verdicts of a request go by; `policy` goes before that of the options. Raises Refusal."""
        policy = policy or options.policy or self.guard.policy
        try:
            threshold = self._guards[policy].threshold_for(options.threshold, options.fpr_budget)
        except (ValueError, ArtifactError) as error:
            raise Refusal(422, f"fpr_budget: {error}", field="fpr_budget") from error
        return Terms(policy, threshold, options.budget_ms if isinstance(options, Options) else None)

    async def judge(self, texts: Sequence[str], terms: Terms | Sequence[Terms], *, field: str) -> list[Verdict]:
        """The verdicts about texts, in order; `terms` of all or of each. Raises Refusal, which calls the texts `field`."""
        self._check_number(len(texts), field)
        of_each = [terms] * len(texts) if isinstance(terms, Terms) else terms
        verdicts = await self._worker.ask([TextQuestion(*each) for each in zip(texts, of_each, strict=True)])
        self.metrics.count_verdicts(verdicts)
        return verdicts

    async def explain(self, text: str, terms: Terms) -> Explanation:
        """The verdict about a text and what carries it, as `Guard.explain`. Raises Refusal."""
        (explanation,) = await self._worker.ask([ExplainQuestion(text, terms)])
        self.metrics.count_verdicts([explanation.verdict])
        return explanation

    async def judge_chat(
        self, messages: Sequence[Mapping[str, Any]], options: Options, *, last_turn: bool
    ) -> ConversationVerdict:  # fmt: skip
        """The verdict about a conversation, as `Guard.messages`. Raises Refusal."""
        self._check_number(len(messages), "messages")
        policy = self.terms(options).policy
        try:
            read_messages(messages)
        except (TypeError, ValueError) as error:
            raise Refusal(422, f"messages: {error}", field="messages") from error
        arguments = options.model_dump(include={"threshold", "fpr_budget", "budget_ms"}) | {"last_turn": last_turn}
        (conversation,) = await self._worker.ask([ChatQuestion(messages, policy, arguments)])
        self.metrics.count_verdicts(each.verdict for each in conversation.messages if each.verdict is not None)
        return conversation

    def info(self) -> Info:
        settings, limits = self.settings, self.guard.limits
        return Info(
            model_id=self.guard.model_id,
            file=self.guard.file,
            policy=self.guard.policy,
            thresholds={policy: guard.threshold for policy, guard in self._guards.items()},
            fpr_budget=self.guard.budget_in_force,
            fitted_thresholds=self.guard.fitted_thresholds,
            document_policy=DOCUMENT_POLICY,
            limits={
                "max_chars": limits.max_chars,
                "max_windows": limits.max_windows,
                "max_body_bytes": settings.max_body_bytes,
                "max_texts": settings.max_texts,
                "max_batch": settings.max_batch,
                "queue": settings.queue,
                "timeout_ms": settings.timeout_ms,
            },
            versions={"python": python_version()} | {package: version(package) for package in PACKAGES},
        )

    def _check_number(self, found: int, field: str) -> None:
        if found > self.settings.max_texts:
            raise Refusal(422, f"{field}: expected at most {self.settings.max_texts}, found {found}", field=field)
