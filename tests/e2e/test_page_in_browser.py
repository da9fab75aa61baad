"""The page in a real browser: what is marked, what is said where there is no verdict, with the keyboard alone, on a phone."""

import base64
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
import uvicorn

from src.runtime import Guard, ScoredWindow, Sentence, canaries
from src.serving.__main__ import listening
from src.serving.app import create_app
from src.serving.refusals import Refusal
from src.serving.settings import Settings
from src.serving.worker import Worker
from tests.e2e.webdriver import CONTROL, ENTER, PATIENCE, RIGHT, TAB, Browser, missing_browser

REASON = missing_browser()
pytestmark = pytest.mark.skipif(REASON is not None, reason=REASON or "")

ATTACK, HARMLESS = canaries.ATTACKS[0], canaries.BENIGN[0]
MARKUP = "<img src=x onerror=\"document.title='run'\"><b>bold</b>"
PHONE, DESKTOP = (360, 740), (1280, 900)


@contextmanager
def serving(guard, **settings):
    """The address of a service in a thread of this process."""
    with listening("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(guard, Settings(**settings)), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + PATIENCE
        while not server.started:
            assert thread.is_alive() and time.monotonic() < deadline
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


@pytest.fixture(scope="module")
def guard(exported_dir):
    return Guard.load(exported_dir)


@pytest.fixture(scope="module")
def address(guard):
    with serving(guard, max_body_bytes=20_000) as address:
        yield address


@pytest.fixture(scope="module")
def shared_browser(tmp_path_factory):
    with Browser.started(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def browser(shared_browser):
    shared_browser.resize(*DESKTOP)
    shared_browser.complaints()
    return shared_browser


def open_page(browser, address):
    browser.open(address)
    browser.until("return document.getElementById('served').textContent")


def put(browser, text):
    """Into the field, without keys: a driver has none for what no keyboard types."""
    script = "const field = document.getElementById('text'); field.value = arguments[0]; field.dispatchEvent(new Event('input'))"
    browser.run(script, text)


def verdict_of(browser):
    """The state that the page comes to: attack, harmless or problem."""
    return browser.until(
        "const kind = document.getElementById('status').dataset.kind;"
        "const busy = document.getElementById('results').getAttribute('aria-busy') === 'true';"
        "return !busy && kind !== 'loading' && kind"
    )


def forget_state(browser):
    """So that `verdict_of` waits for the next one."""
    browser.run("document.getElementById('status').dataset.kind = ''")


def judge(browser, text):
    put(browser, text)
    forget_state(browser)
    browser.click("#run")
    return verdict_of(browser)


def texts(browser, selector):
    return browser.run("return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)", selector)


def test_a_verdict_is_that_of_the_guard(browser, address, guard):
    open_page(browser, address)
    assert browser.text("#privacy") == "It neither keeps nor logs them."
    for text in (ATTACK, HARMLESS):
        verdict = guard(text)
        assert judge(browser, text) == ("attack" if verdict.threat else "harmless")
        detail = browser.text("#status .detail")
        assert f"{verdict.p_attack:.4f}" in detail and f"{verdict.threshold:.4f}" in detail
        assert f"{verdict.route} branch" in browser.text("#facts") and str(verdict.code) in browser.text("#facts")
        assert browser.text("#raw") == text
    assert guard(ATTACK).threat and not guard(HARMLESS).threat and browser.complaints() == []


def test_the_part_that_carries_the_verdict_is_marked_where_it_stands(browser, address, guard):
    """Offsets count code points: before the attack stand characters of two UTF-16 units each."""
    text = f"\U00020bb7\U00020bb7 {HARMLESS} {ATTACK} \U00020bb7"
    explanation = guard.explain(text)
    carrier = explanation.carrier
    assert explanation.offsets_in == "text" and carrier is not None and text[carrier.start : carrier.end] == carrier.text
    open_page(browser, address)
    judge(browser, text)
    assert texts(browser, "#raw mark.carrier") == [carrier.text] and browser.text("#raw") == text
    assert len(texts(browser, "#sentence-rows li")) == len(explanation.sentences)


def test_of_a_long_text_the_part_that_carries_the_verdict_is_seen(browser, address, guard, monkeypatch):
    before, behind = "One line of many.\n" * 400, "\nAnother line." * 400
    text = before + ATTACK + behind
    carrier = Sentence(len(before), len(before) + len(ATTACK), ATTACK, 0.5)
    window = ScoredWindow(carrier.start - 1_000, carrier.end + 1_000, 0.9)
    explanation = replace(
        guard.explain(text), offsets_in="text", window=window, explained=window, sentences=(carrier,), carrier=carrier
    )
    monkeypatch.setattr(Guard, "explain", lambda self, text, **options: explanation)
    open_page(browser, address)
    judge(browser, text)
    assert len(texts(browser, "#raw .left-out")) == 2 and texts(browser, "#raw mark.carrier") == [carrier.text]
    inside = """
        const [mark, box] = ["#raw mark.carrier", "#raw"].map((each) => document.querySelector(each).getBoundingClientRect());
        return box.top <= mark.top && mark.bottom <= box.bottom;
    """
    assert browser.run(inside)


def test_a_text_that_takes_long_to_explain_is_judged_again(browser, address, guard, monkeypatch):
    """What the page asks for a text must not wait behind its own explanation: the service refuses what would wait for long."""
    explain = Guard.explain

    def slowly(self, text, **options):
        time.sleep(1)
        return explain(self, text, **options)

    monkeypatch.setattr(Guard, "explain", slowly)
    open_page(browser, address)
    for _ in range(2):  # the service knows by the second time how long that takes
        assert judge(browser, ATTACK) == "attack"


def test_what_is_not_seen_is_named_in_place_and_decoded(browser, address, guard):
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in ATTACK)
    text = f"\U00020bb7 one\u200btwo \u0456gnore{hidden}"
    open_page(browser, address)
    judge(browser, text)
    assert texts(browser, "#raw .invisible") == ["U+200B", f"{len(ATTACK)} invisible characters"]
    assert "U+0456" in browser.text("#hidden-characters") and texts(browser, "#raw .lookalike") == ["\u0456"]
    assert browser.text("#raw").startswith("\U00020bb7 oneU+200Btwo ")
    assert texts(browser, "#views .text") == [view.text for view in guard(text).views] != []
    judge(browser, base64.b64encode(ATTACK.encode()).decode())
    assert ATTACK in texts(browser, "#views .text") and not browser.text("#hidden-characters")


def test_markup_stays_text(browser, address):
    open_page(browser, address)
    for text in (f"{MARKUP} {ATTACK}", base64.b64encode(f"{MARKUP} {ATTACK}".encode()).decode()):
        judge(browser, text)
        assert browser.run("return document.querySelectorAll('#results img, #results b').length") == 0
    assert MARKUP in browser.text("#views") and browser.run("return document.title") == "TinyGuardrail"
    # The policy of the page would stop what the page did wrong.
    with pytest.raises(RuntimeError, match="TrustedHTML"):
        browser.run("document.body.innerHTML = arguments[0]", MARKUP)


def test_the_keyboard_alone_is_enough(browser, address, guard):
    open_page(browser, address)
    browser.run("document.getElementById('text').focus()")
    browser.press(CONTROL, ENTER)
    assert "no text yet" in browser.text("#count") and browser.run("return document.activeElement.id") == "text"
    browser.type("#text", ATTACK)
    browser.press(CONTROL, ENTER)
    assert verdict_of(browser) == "attack" and browser.run("return document.activeElement.id") == "text"
    order = []
    for _ in range(40):
        browser.press(TAB)
        order.append(browser.run("const a = document.activeElement; return a.id || a.dataset.budget || a.tagName"))
        if order[-1] == "A":
            break
    named = [name for name in order if name not in ("BUTTON", "DIV", "SUMMARY", "A")]
    assert named == ["run", "file", "threshold", "0.01", "0.05", "raw"]
    assert browser.run("return document.getElementById('status').getAttribute('aria-live')") == "polite"
    unlabelled = "return [...document.querySelectorAll('input, textarea')].filter((each) => !each.labels.length).map((e) => e.id)"
    assert browser.run(unlabelled) == []


def test_another_threshold_is_tried_on_the_score(browser, address, guard):
    open_page(browser, address)
    judge(browser, ATTACK)
    assert guard.threshold < guard(ATTACK).p_attack < 1
    assert "threshold in force" in browser.text("#what-if")
    browser.run("document.getElementById('threshold').focus()")
    for _ in range(round(1000 * (1 - guard.threshold))):
        browser.press(RIGHT)
    assert "If the threshold were 1.0000, this text would pass." in browser.text("#what-if")
    browser.click("[data-budget='0.05']")
    assert "0.4000, this text would be flagged" in browser.text("#what-if")
    assert browser.run("return document.activeElement.dataset.budget") == "0.05"
    assert browser.run("return document.activeElement.getAttribute('aria-pressed')") == "true"
    full = guard.with_policy("full")(ATTACK)
    assert f"score {full.p_attack:.4f}"[:12] in browser.text("#budget-heads") and len(texts(browser, "#budget-rows td")) == 4
    assert "1%in force" in browser.text("#budget-rows .in-force")


def test_a_document_is_judged_under_the_policy_of_documents(browser, guard):
    with serving(guard.with_policy("full")) as address:
        open_page(browser, address)
        judge(browser, ATTACK)
        assert "harmful requests too" in browser.text("#facts")
        browser.click("input[value=document]")
        assert browser.run("return document.getElementById('policies').hidden") and browser.text("#kind-note")
        judge(browser, ATTACK)
        assert "overriding instructions" in browser.text("#facts")


def test_every_example_gets_a_verdict(browser, address):
    open_page(browser, address)
    for kind in ("attack", "harmless"):
        for index in range(len(texts(browser, f"#{kind}-examples button"))):
            forget_state(browser)
            browser.run("document.querySelectorAll(arguments[0])[arguments[1]].click()", f"#{kind}-examples button", index)
            assert verdict_of(browser) in ("attack", "harmless")
    assert browser.complaints() == []


def test_a_file_is_opened_and_what_is_no_text_is_refused(browser, address, guard, tmp_path):
    open_page(browser, address)
    for name, content in (("utf8.txt", ATTACK.encode()), ("utf16.txt", ATTACK.encode("utf-16"))):
        (tmp_path / name).write_bytes(content)
        forget_state(browser)
        browser.type("#file", str(tmp_path / name))
        assert verdict_of(browser) == "attack" and browser.text("#raw") == ATTACK
    for name, content, reason in (
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00", "picture.png is not plain text"),
        ("long.txt", b"a" * 20_001, "The text is too large"),
    ):
        (tmp_path / name).write_bytes(content)
        forget_state(browser)
        browser.type("#file", str(tmp_path / name))
        assert verdict_of(browser) == "problem" and browser.text("#status .headline") == reason
        assert browser.run("return document.getElementById('verdict').hidden")
    drop = """
        const data = new DataTransfer();
        data.items.add(new File([arguments[0]], "dropped.txt"));
        document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
    """
    forget_state(browser)
    browser.run(drop, HARMLESS)
    assert verdict_of(browser) == "harmless" and browser.text("#raw") == HARMLESS


@pytest.mark.parametrize(
    ("refusal", "title", "detail"),
    [
        (Refusal(429, "256 texts wait", headers={"Retry-After": "7"}), "The service is busy", "Try again in 7 seconds"),
        (Refusal(503, "there was no verdict within 5 ms", headers={"Retry-After": "1"}), "There is no verdict", "in a second"),
        (Refusal(500, "the guard could not judge this"), "The service failed", "there is no verdict"),
    ],
)
def test_no_verdict_is_said_as_such_and_asked_for_again(browser, address, monkeypatch, refusal, title, detail):
    def refuse(self, job):
        raise refusal

    open_page(browser, address)
    judge(browser, HARMLESS)
    with monkeypatch.context() as patch:
        patch.setattr(Worker, "_accept", refuse)
        assert judge(browser, HARMLESS) == "problem"
    assert browser.text("#status .headline") == title and detail in browser.text("#status .detail")
    assert browser.run("return document.getElementById('verdict').hidden")
    forget_state(browser)
    browser.click("#help button")
    assert verdict_of(browser) == "harmless" and not browser.text("#help")


def test_too_large_a_text_is_not_sent_and_a_lost_service_is_told(browser, guard):
    with serving(guard, max_body_bytes=1_000) as address:
        open_page(browser, address)
        assert judge(browser, "a" * 1_000) == "problem"
        assert browser.text("#status .headline") == "The text is too large" and "1,000 bytes" in browser.text("#status .detail")
        assert browser.complaints() == []  # nothing that the service had to refuse
    assert judge(browser, HARMLESS) == "problem" and browser.text("#status .headline") == "No answer from the service"


def test_a_key_is_asked_for(browser, guard):
    with serving(guard, api_key="correct-key") as address:
        browser.open(address)
        assert verdict_of(browser) == "problem" and browser.text("#status .headline") == "This service asks for a key"
        browser.type("#key", "wrong-key")
        assert judge(browser, ATTACK) == "problem"
        browser.run("document.getElementById('key').value = ''")
        browser.type("#key", "correct-key")
        assert judge(browser, ATTACK) == "attack"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_nothing_is_wider_than_the_screen_and_colours_can_be_read(browser, address, size, scheme):
    browser.resize(*size)
    browser.prefer(scheme)
    open_page(browser, address)
    judge(browser, "\u200b".join(ATTACK) + "W" * 300 + MARKUP)
    browser.run("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    assert browser.run("return document.documentElement.scrollWidth") <= size[0]
    is_dark = browser.run("return getComputedStyle(document.body).backgroundColor") == "rgb(15, 20, 32)"
    assert is_dark == (scheme == "dark")
    for name in ("--ink", "--soft", "--accent", "--flag", "--pass", "--hidden"):
        for ground in ("--paper", "--sheet"):
            assert contrast(colour(browser, name), colour(browser, ground)) >= 4.5, (name, ground)


def colour(browser, name):
    value = browser.run("return getComputedStyle(document.documentElement).getPropertyValue(arguments[0]).trim()", name)
    return [int(value[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def contrast(one, other):
    """WCAG 2.2, 1.4.3: at least 4.5 for text."""

    def luminance(channels):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
