"""The page at `/`, without a browser: what is served, under which policy, and that nothing comes from elsewhere."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from src.runtime import Guard
from src.serving import page
from src.serving.app import create_app
from src.serving.page import PAGE
from src.serving.settings import Settings
from tests.unit.test_serving import metric

DIRECTORY = Path(page.__file__).parent
# The names of XML vocabularies are addresses by their form; nothing is fetched from them.
NAMESPACES = ("http://www.w3.org/2000/svg",)
# What parses a string as markup or as code, or writes a style that the policy of the page forbids.
SINKS = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc", "DOMParser"]


@pytest.fixture(scope="module")
def guard(exported_dir):
    return Guard.load(exported_dir)


@pytest.fixture(scope="module")
def client(guard):
    with TestClient(create_app(guard, Settings())) as client:
        yield client


def text_of(path):
    return (DIRECTORY / PAGE[path].name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGE)
def test_every_file_is_served_under_the_policy(client, path):
    answer = client.get(path)
    assert answer.status_code == 200 and answer.text == text_of(path)
    assert answer.headers["Content-Type"].split(";")[0] == PAGE[path].media_type
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'" and policy["require-trusted-types-for"] == "'script'"
    for directive in ("script-src", "style-src", "img-src", "connect-src"):
        assert policy[directive] == "'self'"
    for directive in ("base-uri", "form-action", "frame-ancestors"):
        assert policy[directive] == "'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Referrer-Policy"] == "no-referrer"


def test_every_file_of_the_directory_is_served_and_none_twice():
    names = sorted(path.name for path in DIRECTORY.iterdir() if path.is_file() and path.suffix != ".py")
    assert sorted(file.name for file in PAGE.values()) == names != []


@pytest.mark.parametrize("path", PAGE)
def test_nothing_comes_from_elsewhere(path):
    text = text_of(path)
    for namespace in NAMESPACES:
        text = text.replace(namespace, "")
    assert re.findall(r"(?:[a-z]+:)?//[\w.-]+\.\w+|\bdata:|@import|url\(", text) == []
    # Relative addresses, so that the page works below a path that a proxy gives it.
    assert not any(address.startswith("/") for address in re.findall(r'(?:src|href)="([^"]*)"', text))


@pytest.mark.parametrize("path", PAGE)
def test_no_string_is_ever_parsed(path):
    text = text_of(path)
    assert [sink for sink in SINKS if sink in text] == []
    if PAGE[path].media_type == "text/html":  # the policy would block them without a word
        assert re.findall(r"\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)", text) == []


def test_what_the_page_asks_for_is_there(client):
    html = text_of("/")
    for address in re.findall(r'(?:src|href)="([^"]*)"', html):
        assert client.get(f"/{address}").status_code == 200
    modules = re.findall(r'from "\./([^"]+)"', text_of("/page/page.js"))
    assert modules and all(f"/page/{module}" in PAGE for module in modules)
    used = set(re.findall(r'byId\("([^"]+)"\)', text_of("/page/page.js")))
    assert used and used <= set(re.findall(r'\bid="([^"]+)"', html))


def test_the_page_needs_no_key_and_says_nothing_that_one_protects(guard):
    with TestClient(create_app(guard, Settings(api_key="correct-key"))) as client:
        for path in PAGE:
            answer = client.get(path)
            assert answer.status_code == 200 and guard.model_id not in answer.text
        assert client.get("/info").status_code == client.post("/guard/explain", json={"text": "a"}).status_code == 401


def test_the_page_is_counted_and_stands_in_no_schema(client):
    before = metric(client, 'tinyguardrail_requests_total{endpoint="/",status="200"}')
    client.get("/")
    assert metric(client, 'tinyguardrail_requests_total{endpoint="/",status="200"}') == before + 1
    assert not PAGE.keys() & client.get("/openapi.json").json()["paths"].keys()
    assert client.post("/").json()["error"]["code"] == "wrong_method"
