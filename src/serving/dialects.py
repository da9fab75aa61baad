"""Endpoints in the shapes of other services, so that their clients can call this one. Scores of texts are p_attack.

Fields without a use here are accepted and ignored, and answers contain only what the guard decides: there is no
category for hate or violence. Answers have the documented fields only; the 16-bit codes of the verdicts, in the order of
the texts, are in the header CODES, and the share of each text that was read in COVERAGE.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from ..policy import DOCUMENT_POLICY
from ..runtime import Verdict
from ..text.chars import is_blank
from .models import EXAMPLE, MayBeBlank, Text
from .refusals import Refusal
from .service import Service

CODES = "X-Guardrail-Codes"  # header with the response codes, such as "32801,16": see src/response_code.py
COVERAGE = "X-Guardrail-Coverage"  # header with Verdict.coverage of each text, such as "1.0,0.448"
CATEGORY = "prompt_attack"
SCANNER = "PromptInjection"  # LLM Guard's name for this kind of scan


class ForeignBody(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


def _as_list(value: object) -> object:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or not value:
        raise ValueError("expected a string or a list of at least one string")
    return value


_TEXT_SCHEMA = {"type": "string", "minLength": 1}


class ModerationRequest(ForeignBody):
    input: Annotated[
        list[Text],
        BeforeValidator(_as_list),
        WithJsonSchema({"anyOf": [_TEXT_SCHEMA, {"type": "array", "items": _TEXT_SCHEMA, "minItems": 1}]}),
    ] = Field(examples=[EXAMPLE])
    model: Any = Field(None, description="ignored: there is one")


class Moderation(BaseModel):
    flagged: bool
    categories: dict[str, bool]
    category_scores: dict[str, float]
    category_applied_input_types: dict[str, list[Literal["text"]]]


class ModerationResponse(BaseModel):
    id: str
    model: str
    results: list[Moderation]


class LiteLLMRequest(ForeignBody):
    texts: list[MayBeBlank] | None = None
    input_type: Literal["request", "response"] = "request"


class LiteLLMResponse(BaseModel):
    action: Literal["BLOCKED", "NONE"]
    blocked_reason: str | None = None


class LLMGuardRequest(ForeignBody):
    prompt: MayBeBlank = Field(examples=[EXAMPLE])
    scanners_suppress: list[str] = []


class ScanResponse(BaseModel):
    is_valid: bool
    scanners: dict[str, float]


class AnalyzeResponse(ScanResponse):
    sanitized_prompt: str


class ShieldRequest(ForeignBody):
    userPrompt: MayBeBlank | None = Field(None, examples=[EXAMPLE])
    documents: list[Text] | None = None


class AttackAnalysis(BaseModel):
    attackDetected: bool


class ShieldResponse(BaseModel):
    userPromptAnalysis: AttackAnalysis | None = None
    documentsAnalysis: list[AttackAnalysis]


def routes_of_dialects(service: Service) -> APIRouter:
    router = APIRouter(tags=["dialects"])
    for add_routes in (_add_openai, _add_litellm, _add_llm_guard, _add_azure):
        add_routes(router, service)
    return router


def _set_headers(response: Response, verdicts: Sequence[Verdict]) -> None:
    response.headers[CODES] = ",".join(str(verdict.code) for verdict in verdicts)
    response.headers[COVERAGE] = ",".join(f"{verdict.coverage:.3g}" for verdict in verdicts)


def _add_openai(router: APIRouter, service: Service) -> None:
    @router.post("/v1/moderations")
    async def moderations(body: ModerationRequest, response: Response) -> ModerationResponse:
        """OpenAI's moderations, of one text or of several; there are no images.

        Shape: platform.openai.com/docs/api-reference/moderations. The one category is ours.
        """
        verdicts = await service.judge(body.input, service.terms(), field="input")
        _set_headers(response, verdicts)
        results = [
            Moderation(
                flagged=verdict.threat,
                categories={CATEGORY: verdict.threat},
                category_scores={CATEGORY: verdict.p_attack},
                category_applied_input_types={CATEGORY: ["text"]},
            )
            for verdict in verdicts
        ]
        return ModerationResponse(id=f"modr-{uuid.uuid4().hex}", model=f"tinyguardrail-{service.guard.model_id}", results=results)


def _add_litellm(router: APIRouter, service: Service) -> None:
    @router.post("/beta/litellm_basic_guardrail_api", response_model_exclude_none=True)
    async def litellm(body: LiteLLMRequest, response: Response) -> LiteLLMResponse:
        """LiteLLM's generic guardrail. Texts are judged; images, tools, calls of tools and texts of white space only are not.

        Shape: docs.litellm.ai, "Generic Guardrail API" (beta). LiteLLM shows blocked_reason to the user, so no score is in it.
        """
        texts = {index: text for index, text in enumerate(body.texts or []) if not is_blank(text)}
        verdicts = await service.judge(list(texts.values()), service.terms(), field="texts")
        _set_headers(response, verdicts)
        threats = [index for index, verdict in zip(texts, verdicts, strict=True) if verdict.threat]
        if not threats:
            return LiteLLMResponse(action="NONE")
        indices = ", ".join(map(str, threats))
        return LiteLLMResponse(action="BLOCKED", blocked_reason=f"prompt attack in texts {indices} of the {body.input_type}")


def _add_llm_guard(router: APIRouter, service: Service) -> None:
    async def scan(body: LLMGuardRequest, response: Response) -> ScanResponse:
        if SCANNER in body.scanners_suppress:
            message = f"scanners_suppress: {SCANNER} is the only scanner here; without it nothing is scanned"
            raise Refusal(422, message, field="scanners_suppress")
        if is_blank(body.prompt):  # LLM Guard runs no scanner on such a prompt: llm_guard/evaluate.py
            return ScanResponse(is_valid=True, scanners={})
        verdicts = await service.judge([body.prompt], service.terms(), field="prompt")
        _set_headers(response, verdicts)
        return ScanResponse(is_valid=not verdicts[0].threat, scanners={SCANNER: verdicts[0].p_attack})

    @router.post("/scan/prompt")
    async def scan_prompt(body: LLMGuardRequest, response: Response) -> ScanResponse:
        """LLM Guard's scan of a prompt. Shape: llm_guard_api/app/schemas.py of protectai/llm-guard."""
        return await scan(body, response)

    @router.post("/analyze/prompt")
    async def analyze_prompt(body: LLMGuardRequest, response: Response) -> AnalyzeResponse:
        """LLM Guard's analysis of a prompt. Nothing is sanitized here: the prompt comes back as it was sent."""
        scanned = await scan(body, response)
        return AnalyzeResponse(is_valid=scanned.is_valid, scanners=scanned.scanners, sanitized_prompt=body.prompt)


def _add_azure(router: APIRouter, service: Service) -> None:
    @router.post("/contentsafety/text:shieldPrompt", response_model_exclude_none=True)
    async def shield_prompt(body: ShieldRequest, response: Response) -> ShieldResponse:
        """Azure's Prompt Shields. The prompt is judged under the guard's policy, documents under that of documents.

        Shape: learn.microsoft.com, "Text Operations - Shield Prompt", api-version 2024-09-01.
        """
        # Clients that ask about documents alone send an empty prompt.
        prompts = [] if body.userPrompt is None or is_blank(body.userPrompt) else [body.userPrompt]
        documents = body.documents or []
        if not prompts and not documents:
            raise Refusal(422, "userPrompt: expected a text in userPrompt or in documents, found neither", field="userPrompt")
        terms = [service.terms()] * len(prompts) + [service.terms(policy=DOCUMENT_POLICY)] * len(documents)
        verdicts = await service.judge([*prompts, *documents], terms, field="documents")
        _set_headers(response, verdicts)
        analyses = [AttackAnalysis(attackDetected=verdict.threat) for verdict in verdicts]
        return ShieldResponse(userPromptAnalysis=analyses[0] if prompts else None, documentsAnalysis=analyses[len(prompts) :])
