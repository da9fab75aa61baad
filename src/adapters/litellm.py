"""LiteLLM: a custom guardrail that runs in the proxy's own process.

    from tinyguardrail.adapters.litellm import TinyGuardrail

    guardrail = TinyGuardrail(guardrail_name="tinyguardrail", event_hook="pre_call", default_on=True)

In the proxy's config.yaml:

    guardrails:
      - guardrail_name: tinyguardrail
        litellm_params: {guardrail: tinyguardrail.adapters.litellm.TinyGuardrail, mode: pre_call, default_on: true}

`model_dir`, `policy` and `fpr_budget` beside `mode` are the arguments of Guard.load. Texts of requests and of answers are judged;
images, tools and calls of tools are not. For a guard in another process, point LiteLLM's generic guardrail at the HTTP service.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Literal

# litellm 1.110.2
try:
    from litellm.exceptions import GuardrailRaisedException
    from litellm.integrations.custom_guardrail import CustomGuardrail
except ImportError as error:
    from . import missing_package_error

    raise missing_package_error("litellm", __name__) from error

from ..policy import DEFAULT_POLICY, Policy
from ..runtime import Guard
from ..runtime.artifact import RELEASE
from . import AttackFound


class TinyGuardrail(CustomGuardrail):
    def __init__(
        self,
        *,
        model_dir: str | Path = RELEASE,
        policy: Policy = DEFAULT_POLICY,
        fpr_budget: float | None = None,
        **kwargs: Any,
    ) -> None:
        """`kwargs` are LiteLLM's own: guardrail_name, event_hook, default_on."""
        super().__init__(**kwargs)
        self._guard = Guard.load(model_dir, policy=policy, fpr_budget=fpr_budget)

    async def apply_guardrail(
        self,
        inputs: Any,
        request_data: dict[str, Any],
        input_type: Literal["request", "response"],
        logging_obj: Any = None,
    ) -> Any:
        """The inputs as they are. Raises GuardrailRaisedException, which LiteLLM answers with status 400."""
        verdicts = await asyncio.to_thread(self._guard.batch, inputs.get("texts") or [])
        for verdict in verdicts:
            if verdict.threat:
                raise GuardrailRaisedException(
                    guardrail_name=self.guardrail_name, message=str(AttackFound(verdict)), blocked_content=True
                )
        return inputs
