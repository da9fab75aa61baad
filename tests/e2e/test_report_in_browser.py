"""The report of a finished run in a real browser: on a phone, sorted by a click, on paper, and loaded from one file alone."""

import re
from pathlib import Path

import pytest

from src.files import write_text
from src.reporting.report import collect, render_html
from tests.e2e.webdriver import Browser, missing_browser
from tests.finished_run import write_finished_run

REASON = missing_browser()
pytestmark = pytest.mark.skipif(REASON is not None, reason=REASON or "")

PHONE, DESKTOP = (360, 740), (1280, 900)
# The first table with a column of numbers whose rows can be sorted; named, because sorting does not move it.
CHOOSE_TABLE = """
    const isSorted = (table) => table.querySelector("th.number button");
    [...document.querySelectorAll("section table")].find(isSorted).id = "sorted";
"""
CELLS = (
    "return [...document.querySelectorAll(`#sorted tbody td:nth-child(${arguments[0]})`)].map((each) => each.textContent.trim())"
)
TEXT_ORDER = """
    const rows = arguments[0].sort((a, b) => a.localeCompare(b, undefined, {numeric: true}));
    return arguments[1] ? rows.reverse() : rows;
"""


@pytest.fixture(scope="module")
def report_html(tmp_path_factory) -> Path:
    paths = write_finished_run(tmp_path_factory.mktemp("run"))
    write_text(paths.report_html, render_html(collect(paths)))
    return paths.report_html


@pytest.fixture(scope="module")
def shared_browser(tmp_path_factory):
    with Browser.started(tmp_path_factory.mktemp("browser"), records_requests=True) as browser:
        yield browser


@pytest.fixture
def browser(shared_browser, report_html):
    """The report, freshly opened on a desktop."""
    shared_browser.resize(*DESKTOP)
    shared_browser.requests()
    shared_browser.complaints()
    shared_browser.open(report_html.as_uri())
    return shared_browser


def test_nothing_but_the_file_itself_is_asked_for_and_nothing_is_complained_of(browser, report_html):
    browser.run("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    assert browser.run("return [...document.images].every((each) => each.naturalWidth > 0) && document.images.length") >= 1
    assert {each for each in browser.requests() if not each.startswith("data:")} == {report_html.as_uri()}
    assert browser.complaints() == []


@pytest.mark.parametrize("is_open", [False, True])
def test_nothing_is_wider_than_a_phone(browser, is_open):
    browser.resize(*PHONE)
    browser.run("for (const each of document.querySelectorAll('details')) each.open = arguments[0]", is_open)
    assert browser.run("return innerWidth") == PHONE[0]
    assert browser.run("return document.documentElement.scrollWidth") <= PHONE[0]


def test_a_click_on_a_head_sorts_the_rows(browser):
    browser.run(CHOOSE_TABLE)
    number = browser.run("return [...document.querySelectorAll('#sorted th')].findIndex((each) => each.matches('.number')) + 1")
    for column, falls_first in ((number, True), (1, False)):  # numbers start with the largest, text with A
        before, head = browser.run(CELLS, column), f"#sorted th:nth-child({column})"
        for falls in (falls_first, not falls_first):
            browser.click(f"{head} button")
            assert browser.run("return document.querySelector(arguments[0]).ariaSort", head) == (
                "descending" if falls else "ascending"
            )
            shown = browser.run(CELLS, column)
            assert sorted(shown) == sorted(before)
            assert shown == browser.run(TEXT_ORDER, before, falls) if column == 1 else is_in_order(shown, falls)
    assert browser.run("return document.querySelectorAll('#sorted th[aria-sort]').length") == 1


def is_in_order(shown: list[str], falls: bool) -> bool:
    """Whether the numbers that cells start with are in order, with cells without one behind them all."""
    numbers = [re.match(r"-?[\d.]+", text.replace(",", "")) for text in shown]
    known = [float(each[0]) for each in numbers if each]
    return len(set(known)) > 1 and known == sorted(known, reverse=falls) and not any(numbers[len(known) :])


def test_folded_parts_are_open_on_paper_and_folded_again(browser):
    folded = "return document.querySelectorAll('details:not([open])').length"
    before = browser.run(folded)
    browser.run("document.querySelector('details').open = true")  # by the reader, whose it stays
    assert before > 1
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert browser.run(folded) == 0
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert browser.run(folded) == before - 1
    count = "addEventListener('beforeprint', () => (window.folded = document.querySelectorAll('details:not([open])').length))"
    browser.run(count)
    browser.devtools("Page.printToPDF", {})  # Chromium itself prints
    assert browser.run("return window.folded") == 0
