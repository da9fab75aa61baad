"""The guard inside other projects. Their libraries are used where they are installed; else stubs with the same interface."""

import asyncio
import importlib
import io
import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from src.adapters import AttackFound
from src.adapters.mcp import ATTACK_ERROR, ResultFilter, run
from src.adapters.starlette import GuardMiddleware
from src.policy import DOCUMENT_POLICY
from src.runtime import Guard, canaries

ROOT = Path(__file__).resolve().parents[2]
ATTACK, HARMLESS = canaries.ATTACKS[0], canaries.BENIGN[0]


class Subscriptable:
    def __class_getitem__(cls, _):
        return cls


class Runnable(Subscriptable):
    """langchain_core.runnables.Runnable: what a subclass and a chain use of it."""

    def __or__(self, other):
        return RunnableLambda(lambda passed: other.invoke(self.invoke(passed)))

    async def ainvoke(self, input, config=None, **kwargs):
        return await asyncio.to_thread(self.invoke, input, config, **kwargs)

    def _call_with_config(self, func, input_, config, **kwargs):
        return func(input_, **kwargs)


class RunnableLambda(Runnable):
    def __init__(self, func):
        self._func = func

    def invoke(self, input, config=None, **kwargs):
        return self._func(input)


class BaseMessage:
    def __init__(self, content):
        self.content = content


class HumanMessage(BaseMessage):
    type = "human"


class ToolMessage(BaseMessage):
    type = "tool"

    def __init__(self, content, tool_call_id):
        super().__init__(content)


def convert_to_openai_messages(messages):
    return [{"role": {"human": "user"}.get(each.type, each.type), "content": each.content} for each in messages]


class PromptValue:
    pass


class ChatPromptValue(PromptValue):
    def __init__(self, messages):
        self.messages = messages

    def to_messages(self):
        return list(self.messages)


class Document:
    def __init__(self, page_content):
        self.page_content = page_content


class CustomGuardrail:
    """litellm.integrations.custom_guardrail.CustomGuardrail: its constructor."""

    def __init__(self, guardrail_name=None, event_hook=None, default_on=False, **kwargs):
        self.guardrail_name, self.event_hook, self.default_on = guardrail_name, event_hook, default_on


class GuardrailRaisedException(Exception):
    def __init__(self, guardrail_name=None, message="", status_code=400, blocked_content=False):
        super().__init__(message)
        self.status_code, self.blocked_content = status_code, blocked_content


class ThreeStageGuardrail(Subscriptable):
    """any_guardrail.base.ThreeStageGuardrail: `validate`, which stamps who judged."""

    def validate(self, input_text, **kwargs):
        if isinstance(input_text, list):
            results = self._validate_batch(input_text, **kwargs)
        else:
            results = [self._post_processing(self._inference(self._pre_processing(input_text, **kwargs)))]
        for result in results:
            result.usage = SimpleNamespace(model_id=self.model_id)
        return results if isinstance(input_text, list) else results[0]


class Wrapper(SimpleNamespace, Subscriptable):
    """A model of pydantic that holds what it is given."""


# The library that an adapter needs -> the modules that it reads and what it reads in them.
STUBS = {
    "langchain_core": {
        "langchain_core.documents": [Document],
        "langchain_core.messages": [BaseMessage, HumanMessage, ToolMessage, convert_to_openai_messages],
        "langchain_core.prompt_values": [PromptValue, ChatPromptValue],
        "langchain_core.runnables": [Runnable, RunnableLambda],
    },
    "litellm": {
        "litellm.exceptions": [GuardrailRaisedException],
        "litellm.integrations": [],
        "litellm.integrations.custom_guardrail": [CustomGuardrail],
    },
    "any_guardrail": {
        "any_guardrail.base": [ThreeStageGuardrail],
        "any_guardrail.types": {
            name: Wrapper
            for name in (
                "GuardrailInferenceOutput",
                "GuardrailOutput",
                "GuardrailPreprocessOutput",
            )
        },
    },
}
ADAPTERS = {"langchain": "langchain_core", "litellm": "litellm", "any_guardrail": "any_guardrail"}
PACKAGES = {"langchain": "langchain-core", "litellm": "litellm", "any_guardrail": "any-guardrail"}


@pytest.fixture(scope="module")
def guard(exported_dir):
    return Guard.load(exported_dir)


@pytest.fixture
def adapter(monkeypatch):
    """The module of an adapter, imported anew."""

    def load(name):
        library = ADAPTERS[name]
        try:
            importlib.import_module(library)
        except ImportError:
            for path, content in {library: [], **STUBS[library]}.items():
                module = ModuleType(path)
                vars(module).update(content if isinstance(content, dict) else {each.__name__: each for each in content})
                monkeypatch.setitem(sys.modules, path, module)
        path = f"src.adapters.{name}"
        monkeypatch.delitem(sys.modules, path, raising=False)
        module = importlib.import_module(path)
        monkeypatch.setitem(sys.modules, path, module)  # forgotten again afterwards
        return module

    return load


def names_after_example(module, monkeypatch, guard):
    """What is defined after the example in a module's docstring was run, with our guard for the released one."""
    monkeypatch.setattr(Guard, "load", lambda *args, **options: guard)
    blocks = re.findall(r"(?m)(?:^    .*\n|^\n)+", module.__doc__)
    (example,) = [block for block in blocks if "import" in block]
    names = {}
    # In a checkout the package is called src; under both names there would be two of each class.
    exec(textwrap.dedent(example).replace("from tinyguardrail", "from src"), names)
    return names


@pytest.mark.parametrize("name", ADAPTERS)
def test_an_absent_library_is_named(name, monkeypatch):
    monkeypatch.setitem(sys.modules, ADAPTERS[name], None)
    for path in STUBS[ADAPTERS[name]]:
        monkeypatch.setitem(sys.modules, path, None)
    monkeypatch.delitem(sys.modules, f"src.adapters.{name}", raising=False)
    with pytest.raises(ImportError, match=rf"src\.adapters\.{name} needs {PACKAGES[name]}: pip install {PACKAGES[name]}"):
        importlib.import_module(f"src.adapters.{name}")


def test_an_error_names_no_score(guard):
    error = AttackFound(guard(ATTACK))
    assert not re.search(r"\d", str(error)) and ATTACK not in str(error) and error.verdict == guard(ATTACK)


# LangChain


def test_langchain_example(adapter, guard, monkeypatch):
    names = names_after_example(adapter("langchain"), monkeypatch, guard)
    assert names["answer"] == "asked: What is the capital of France?"
    with pytest.raises(AttackFound):
        names["chain"].invoke(ATTACK)
    with pytest.raises(AttackFound):
        asyncio.run(names["chain"].ainvoke(ATTACK))


def test_langchain_judges_every_kind_of_input(adapter, guard):
    runnable = adapter("langchain").GuardRunnable(guard)
    messages, prompts, documents = (
        importlib.import_module(f"langchain_core.{name}") for name in ("messages", "prompt_values", "documents")
    )
    human = messages.HumanMessage
    inputs = {
        "message": lambda text: human(text),
        "messages": lambda text: [human(HARMLESS), messages.ToolMessage(text, tool_call_id="1")],
        "prompt": lambda text: prompts.ChatPromptValue(messages=[human(text)]),
        "documents": lambda text: [documents.Document(page_content=HARMLESS), documents.Document(page_content=text)],
    }
    for make in inputs.values():
        harmless = make(HARMLESS)
        assert runnable.invoke(harmless) is harmless
        with pytest.raises(AttackFound):
            runnable.invoke(make(ATTACK))
    for other in ({"question": ATTACK}, 5, None, [human(HARMLESS), ATTACK]):
        with pytest.raises(TypeError, match="expected a str, a prompt value, messages or documents"):
            runnable.invoke(other)


# LiteLLM


def test_litellm_example(adapter, guard, monkeypatch):
    module = adapter("litellm")
    guardrail = names_after_example(module, monkeypatch, guard)["guardrail"]
    assert (guardrail.guardrail_name, guardrail.event_hook, guardrail.default_on) == ("tinyguardrail", "pre_call", True)
    for inputs in ({"texts": [HARMLESS], "images": []}, {"texts": []}, {}):
        assert asyncio.run(guardrail.apply_guardrail(inputs, request_data={}, input_type="request")) == inputs
    for input_type in ("request", "response"):
        with pytest.raises(module.GuardrailRaisedException, match="prompt attack") as raised:
            asyncio.run(guardrail.apply_guardrail({"texts": [HARMLESS, ATTACK]}, request_data={}, input_type=input_type))
    assert raised.value.status_code == 400 and raised.value.blocked_content


def test_litellm_takes_the_arguments_of_its_configuration(adapter, exported_dir):
    guardrail = adapter("litellm").TinyGuardrail(
        model_dir=str(exported_dir), policy="full", fpr_budget=0.05, guardrail_name="a", event_hook="during_call"
    )
    assert (guardrail._guard.policy, guardrail._guard.fpr_budget) == ("full", 0.05)


# any-guardrail


def test_any_guardrail_example(adapter, guard, monkeypatch):
    names = names_after_example(adapter("any_guardrail"), monkeypatch, guard)
    output, verdict = names["output"], guard(ATTACK)
    assert (output.valid, output.score, output.extra) == (False, verdict.p_attack, verdict.to_dict())
    assert [each.valid for each in names["several"]] == [True, True]
    assert {each.usage.model_id for each in [output, *names["several"]]} == {guard.model_id}


# Starlette


async def echo(request: Request) -> JSONResponse:
    return JSONResponse({"received": (await request.body()).decode()})


def client_of(guard, **options):
    routes = [Route("/chat", echo, methods=["GET", "POST"]), Route("/other", echo, methods=["POST"])]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(GuardMiddleware, guard=guard, **options)]))


def test_starlette_example(guard, monkeypatch):
    module = importlib.import_module("src.adapters.starlette")
    app = names_after_example(module, monkeypatch, guard)["app"]
    app.routes.append(Route("/v1/chat/completions", echo, methods=["POST"]))
    client = TestClient(app)
    for text, status in ((HARMLESS, 200), (ATTACK, 400)):
        body = {"model": "any", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}]}
        answer = client.post("/v1/chat/completions", json=body)
        assert answer.status_code == status
    assert answer.json()["error"]["code"] == "prompt_attack" and ATTACK not in answer.text


def test_starlette_passes_on_what_it_judged_and_nothing_that_it_could_not(guard):
    client = client_of(guard, paths={"/chat"}, max_body_bytes=500)
    body = json.dumps({"messages": [{"role": "user", "content": HARMLESS}]}).encode()
    assert client.post("/chat", content=body).json() == {"received": body.decode()}
    assert client.post("/chat", content=iter([body[:9], body[9:]])).json() == {"received": body.decode()}
    assert client.get("/chat").status_code == 200
    assert client.post("/other", content=ATTACK).status_code == 200
    nested, alien = b'{"messages": ' + b"[" * 400, b'{"messages": [{"role": "boss", "content": "a"}]}'
    for unread in (b"{", b"\xff", b"5", b"{}", b'{"messages": []}', b'{"messages": 5}', nested, alien):
        answer = client.post("/chat", content=unread)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request"), unread
    for large in (b" " * 501, iter([b" " * 300, b" " * 300])):
        assert client.post("/chat", content=large).status_code == 413


def test_starlette_reads_bodies_of_other_shapes(guard):
    client = client_of(guard, read=lambda body: [{"role": "user", "content": body["question"]}])
    assert client.post("/other", json={"question": HARMLESS}).status_code == 200
    assert client.post("/other", json={"question": ATTACK}).status_code == 400
    assert client.post("/other", json={"query": ATTACK}).status_code == 422


# Model Context Protocol


@pytest.fixture
def results(guard):
    return ResultFilter(guard)


def answer(**result):
    return {"jsonrpc": "2.0", "id": 7, "result": result}


def text_block(text):
    return {"type": "text", "text": text}


def test_mcp_example(guard, monkeypatch):
    names = names_after_example(importlib.import_module("src.adapters.mcp"), monkeypatch, guard)
    result = names["held_back"]["result"]
    assert result["isError"] and ATTACK not in json.dumps(result) and "held back" in result["content"][0]["text"]


@pytest.mark.parametrize(
    "result",
    [
        {"content": [text_block(HARMLESS), text_block(ATTACK)]},
        {"content": [text_block(ATTACK)], "isError": True},
        {"content": [{"type": "resource", "resource": {"uri": "file:///a", "text": ATTACK}}]},
        {"content": [{"type": "resource_link", "uri": "file:///a", "name": "a", "description": ATTACK}]},
        {"content": {"text": ATTACK}},
        {"content": [], "structuredContent": {"rows": [{"name": ATTACK}]}},
        {"content": [], "structuredContent": {ATTACK: 1}},
        {"toolResult": {ATTACK: 1}},
        {"content": [], "structuredContent": {"data": {"type": ATTACK}}},
        {"content": [text_block(half) for half in (ATTACK[: len(ATTACK) // 2].strip(), ATTACK[len(ATTACK) // 2 :])]},
    ],
)
def test_mcp_holds_back_results_of_tools(results, result):
    filtered = results.filter(answer(**result, _meta={"a": 1}, resultType="complete"))
    assert (filtered["id"], filtered["jsonrpc"]) == (7, "2.0")
    assert filtered["result"].keys() == {"content", "isError", "_meta", "resultType"} and filtered["result"]["isError"] is True
    assert "prompt attack" in filtered["result"]["content"][0]["text"]


def test_mcp_holds_back_resources_and_prompts(results):
    for result in (
        {"contents": [{"uri": "a", "text": ATTACK}]},
        {"messages": [{"role": "user", "content": text_block(ATTACK)}]},
        {"messages": [], "description": ATTACK},
        {"protocolVersion": "2025-11-25", "capabilities": {}, "instructions": ATTACK},
        {"completion": {"values": [HARMLESS, ATTACK]}},
    ):
        filtered = results.filter(answer(**result))
        assert filtered.keys() == {"jsonrpc", "id", "error"} and filtered["error"]["code"] == ATTACK_ERROR
    for error in ({"code": -32000, "message": ATTACK}, {"code": -32000, "message": "no", "data": {"why": ATTACK}}):
        filtered = results.filter({"jsonrpc": "2.0", "id": 7, "error": error})
        assert filtered["error"]["code"] == ATTACK_ERROR and ATTACK not in json.dumps(filtered)
        both = results.filter({"jsonrpc": "2.0", "id": 7, "error": error, "result": {}})
        assert both == filtered
    first, second = results.filter([answer(content=[text_block(ATTACK)]), answer(content=[text_block(HARMLESS)])])
    assert first["result"]["isError"] and second == answer(content=[text_block(HARMLESS)])


def test_mcp_passes_other_messages(results):
    picture = {"type": "image", "mimeType": "image/png", "data": ATTACK}
    for message in (
        answer(content=[text_block(HARMLESS), picture], isError=False),
        answer(content=[]),
        answer(tools=[{"name": "read", "description": ATTACK}]),
        {"jsonrpc": "2.0", "id": 7, "error": {"code": -32600, "message": "no"}},
        {"jsonrpc": "2.0", "method": "notifications/progress", "params": {}},
        {"jsonrpc": "2.0", "id": 7, "result": None},
        5,
    ):
        assert results.filter(message) == message


def test_mcp_judges_under_the_policy_of_documents(guard, monkeypatch):
    policies = []
    judge = Guard.batch
    monkeypatch.setattr(Guard, "batch", lambda self, texts: policies.append(self.policy) or judge(self, texts))
    ResultFilter(guard.with_policy("full")).filter(answer(content=[text_block(HARMLESS)]))
    assert policies == [DOCUMENT_POLICY]


SERVER = """
import json, sys
for line in sys.stdin:
    print("this is no JSON", flush=True)
    print(json.dumps({"jsonrpc": "2.0", "id": json.loads(line)["id"], "result": {"content": [
        {"type": "text", "text": json.loads(line)["params"]["text"]}]}}), flush=True)
sys.exit(3)
"""


def test_mcp_stands_between_a_client_and_a_server(results, capsys):
    requests = [{"jsonrpc": "2.0", "id": number, "params": {"text": text}} for number, text in enumerate((HARMLESS, ATTACK))]
    client_in = io.BytesIO(b"".join(json.dumps(request).encode() + b"\n" for request in requests))
    client_out = io.BytesIO()
    assert run([sys.executable, "-c", SERVER], results, client_in, client_out) == 3
    passed, held_back = (json.loads(line) for line in client_out.getvalue().splitlines())
    assert passed == {"jsonrpc": "2.0", "id": 0, "result": {"content": [text_block(HARMLESS)]}}
    assert held_back["id"] == 1 and held_back["result"]["isError"] is True
    assert capsys.readouterr().err.count("was not passed on") == 2


def test_mcp_with_its_own_client_and_server(exported_dir):
    """The real library on both sides of the real proxy."""
    pytest.importorskip("mcp.server.mcpserver", reason="the adapter itself needs no library")
    from mcp.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    server = (
        "from mcp.server.mcpserver import MCPServer\n"
        "server = MCPServer('echo')\n"
        "server.tool(name='echo')(lambda text: text)\n"
        "server.run('stdio')\n"
    )
    arguments = ["-m", "src.adapters.mcp", "--model", str(exported_dir), "--", sys.executable, "-c", server]
    path = {"PYTHONPATH": ":".join(sys.path)}

    async def call():
        parameters = StdioServerParameters(command=sys.executable, args=arguments, cwd=ROOT, env=path)
        async with Client(stdio_client(parameters)) as client:
            return [await client.call_tool("echo", {"text": text}) for text in (HARMLESS, ATTACK)]

    passed, held_back = asyncio.run(call())
    assert passed.content[0].text == HARMLESS and not passed.is_error
    assert held_back.is_error and "prompt attack" in held_back.content[0].text


def test_what_is_shown_to_users_names_the_installed_package(monkeypatch, capsys):
    for path in sorted((ROOT / "src" / "adapters").glob("*.py")):
        assert "src.adapters" not in path.read_text(encoding="utf-8"), path.name
    monkeypatch.setattr(sys, "argv", ["mcp.py", "--help"])
    with pytest.raises(SystemExit):
        importlib.import_module("src.adapters.mcp").main()
    assert capsys.readouterr().out.startswith("usage: python -m tinyguardrail.adapters.mcp ")


def test_the_proxy_says_in_one_line_what_is_wrong(tmp_path):
    command = [sys.executable, "-m", "src.adapters.mcp", "--model", str(tmp_path), "--", sys.executable, "-c", ""]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stdout == "" and len(done.stderr.splitlines()) == 1
