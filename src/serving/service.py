"""The guards, the worker and the metrics of one process; the endpoints of every dialect get their verdicts here."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from platform import python_version
from typing import Any

from ..errors import ArtifactError, GuardrailError
from ..policy import DOCUMENT_POLICY, POLICIES, Policy
from ..runtime import ConversationVerdict, Explanation, Guard, Verdict
from ..runtime.chat import read_messages
from .metrics import Metrics
from .models import Info, OperatingPoint, Options
from .prompt_log import log_prompt, open_prompt_log
from .refusals import Refusal
from .settings import Settings
from .tracing import note
from .worker import ChatQuestion, ExplainQuestion, Terms, TextQuestion, Worker, work_of

PACKAGES = ("onnxruntime", "tokenizers", "numpy", "fastapi", "uvicorn")
NO_OPTIONS = Options()


def load_guard(settings: Settings) -> Guard:
    """Checksums and canary prompts are verified. Raises ArtifactError."""
    return Guard.load(
        settings.model, policy=settings.policy, fpr_budget=settings.fpr_budget, allow_dry_run=settings.allow_dry_run
    )


class Service:
    """Raises ArtifactError for a guard whose thresholds were not fitted under every policy."""

    def __init__(self, guard: Guard, settings: Settings) -> None:
        self.guard, self.settings, self.metrics = guard, settings, Metrics()
        self.is_draining = False  # started requests are answered, new ones are refused
        self._guards = _build_guards(guard)
        if settings.log_prompts:
            open_prompt_log()
        self._worker = Worker(
            max_batch=settings.max_batch,
            max_waiting=settings.queue,
            max_wait=settings.max_wait_ms / 1000,
            timeout=settings.timeout,
            on_length=self.metrics.set_queue_length,
        )

    def start(self) -> None:
        self._worker.start()
        self.metrics.set_ready(True)

    def drain(self) -> None:
        self.is_draining = True
        self.metrics.set_ready(False)

    def close(self) -> None:
        self.drain()
        self._worker.close()

    async def reload(self) -> None:
        """Load the model directory beside the guard in force and judge new requests with it; questions that wait keep theirs.

        Whatever is wrong with the directory, the guard in force goes on.
        """
        try:
            guard = await asyncio.to_thread(load_guard, self.settings)
            guards = _build_guards(guard)
        except Exception as error:  # no file of the directory may end a service that works
            reason = str(error) if isinstance(error, GuardrailError) else f"{type(error).__name__}: {error}"
            sys.stderr.write(f"error: not reloaded, {self.guard.model_id} is served as before: {reason}\n")
            self.metrics.count_reload("refused")
            return
        self.guard, self._guards = guard, guards
        sys.stderr.write(f"reloaded: serving {guard.file} ({guard.model_id})\n")
        self.metrics.count_reload("served")

    @property
    def is_ready(self) -> bool:
        """The guard was loaded and its canary prompts passed, or there would be no service; its thread may have ended."""
        return self._worker.is_alive and not self.is_draining

    def check_room(self) -> None:
        """Raises Refusal where not even one text would be taken: a request is refused before anybody reads its body."""
        self._worker.check_room()

    def terms(self, options: OperatingPoint = NO_OPTIONS, policy: Policy | None = None) -> Terms:
        """Guard, threshold and time budget of a request's verdicts; `policy` overrides that of the options. Raises Refusal."""
        guard = self._guards[policy or options.policy or self.guard.policy]
        try:
            threshold = guard.threshold_for(options.threshold, options.fpr_budget)
        except (ValueError, ArtifactError) as error:
            raise Refusal(422, f"fpr_budget: {error}", field="fpr_budget") from error
        return Terms(guard, threshold, options.budget_ms if isinstance(options, Options) else None)

    async def judge(self, texts: Sequence[str], terms: Terms | Sequence[Terms], *, field: str) -> list[Verdict]:
        """The verdicts about texts, in order; `terms` of all or of each. Raises Refusal, which calls the texts `field`."""
        self._check_count(len(texts), field)
        of_each = [terms] * len(texts) if isinstance(terms, Terms) else terms
        verdicts = await self._worker.ask([TextQuestion(*each) for each in zip(texts, of_each, strict=True)])
        self._record(texts, verdicts)
        return verdicts

    async def explain(self, text: str, terms: Terms) -> Explanation:
        """The verdict about a text and what carries it, as `Guard.explain`. Raises Refusal."""
        (explanation,) = await self._worker.ask([ExplainQuestion(text, terms)])
        self._record([text], [explanation.verdict])
        return explanation

    async def judge_chat(
        self, messages: Sequence[Mapping[str, Any]], options: Options, *, last_turn: bool
    ) -> ConversationVerdict:
        """The verdict about a conversation, as `Guard.messages`. Raises Refusal."""
        self._check_count(len(messages), "messages")
        guard = self.terms(options).guard
        try:
            chat = read_messages(messages)
        except (TypeError, ValueError) as error:
            raise Refusal(422, f"messages: {error}", field="messages") from error
        arguments = options.model_dump(include={"threshold", "fpr_budget", "budget_ms"}) | {"last_turn": last_turn}
        work = sum(work_of(each.text) for each in chat if each.text is not None)
        (conversation,) = await self._worker.ask([ChatQuestion(messages, guard, arguments, work)])
        judged = [(chat[each.index].text or "", each.verdict) for each in conversation.messages if each.verdict is not None]
        self._record([text for text, _ in judged], [verdict for _, verdict in judged])
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
            logs_prompts=settings.log_prompts,
            limits={
                "max_chars": limits.max_chars,
                "max_windows": limits.max_windows,
                "max_body_bytes": settings.max_body_bytes,
                "max_texts": settings.max_texts,
                "max_batch": settings.max_batch,
                "queue": settings.queue,
                "max_wait_ms": settings.max_wait_ms,
                "timeout_ms": settings.timeout_ms,
            },
            versions={"python": python_version()} | {package: version(package) for package in PACKAGES},
        )

    def _record(self, texts: Sequence[str], verdicts: Sequence[Verdict]) -> None:
        """Tell the metrics, the trace and, where it is wanted, the log of prompts about the verdicts of a request."""
        self.metrics.count_verdicts(verdicts)
        note(
            {
                "tinyguardrail.codes": [verdict.code for verdict in verdicts],
                "tinyguardrail.routes": [verdict.route for verdict in verdicts],
                "tinyguardrail.windows_read": [verdict.windows_read for verdict in verdicts],
            }
        )
        if self.settings.log_prompts:
            for text, verdict in zip(texts, verdicts, strict=True):
                log_prompt(text, verdict)

    def _check_count(self, count: int, field: str) -> None:
        if count > self.settings.max_texts:
            raise Refusal(422, f"{field}: expected at most {self.settings.max_texts}, found {count}", field=field)


def _build_guards(guard: Guard) -> dict[Policy, Guard]:
    return {policy: guard.with_policy(policy) for policy in POLICIES}
