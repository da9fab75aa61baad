"""LangChain: a runnable that passes its input on, or raises AttackFound.

    from langchain_core.runnables import RunnableLambda
    from tinyguardrail import Guard
    from tinyguardrail.adapters.langchain import GuardRunnable

    guard = Guard.load()
    chain = GuardRunnable(guard) | RunnableLambda(lambda question: f"asked: {question}")
    answer = chain.invoke("What is the capital of France?")

Put it after a prompt template (`prompt | GuardRunnable(guard) | model`), before a template that takes a text, or after a
retriever (`retriever | GuardRunnable(guard)`). Documents are judged under the policy for documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

# langchain-core 1.8.4
try:
    from langchain_core.documents import Document
    from langchain_core.messages import BaseMessage, convert_to_openai_messages
    from langchain_core.prompt_values import PromptValue
    from langchain_core.runnables import Runnable
except ImportError as error:
    from . import missing_package_error

    raise missing_package_error("langchain-core", __name__) from error

from ..policy import DOCUMENT_POLICY
from ..runtime import ConversationVerdict, Guard, Verdict
from . import AttackFound

Passed = TypeVar("Passed", str, PromptValue, BaseMessage, Sequence[BaseMessage], Sequence[Document])


class GuardRunnable(Runnable[Passed, Passed]):
    """Takes a str, a prompt value, a message, messages or documents. Raises AttackFound, TypeError for anything else."""

    def __init__(self, guard: Guard) -> None:
        self._guard, self._guard_of_documents = guard, guard.with_policy(DOCUMENT_POLICY)

    def invoke(self, input: Passed, config: Any = None, **kwargs: Any) -> Passed:
        return self._call_with_config(self._check, input, config, **kwargs)

    def _check(self, passed: Passed) -> Passed:
        for verdict in self._verdicts(passed):
            if verdict.threat:
                raise AttackFound(verdict)
        return passed

    def _verdicts(self, passed: Any) -> Sequence[Verdict | ConversationVerdict]:
        if isinstance(passed, str):
            return [self._guard(passed)]
        if isinstance(passed, PromptValue):
            passed = passed.to_messages()
        if isinstance(passed, BaseMessage):
            passed = [passed]
        if isinstance(passed, Sequence) and passed and all(isinstance(each, BaseMessage) for each in passed):
            return [self._guard.messages(convert_to_openai_messages(passed))]
        if isinstance(passed, Sequence) and all(isinstance(each, Document) for each in passed):
            return self._guard_of_documents.batch([document.page_content for document in passed])
        raise TypeError(
            f"expected a str, a prompt value, messages or documents, found {type(passed).__name__}; put the guard behind the "
            "prompt template"
        )
