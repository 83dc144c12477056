"""The editor of the playground, as somebody works it who has no mouse."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from apps.console.playground.gallery import TEMPLATES
from apps.console.playground.pretty import pretty
from apps.jobs.models import Job
from apps.jobs.services.cancel import cancel
from tests.browser.browsing import WIDTHS, scrolls_sideways, serious_violations, window
from tests.console.people import signed_in
from tests.people import make_person

pytestmark = pytest.mark.once


@pytest.fixture
def session(live_server: LiveServer) -> str:
    value: str = signed_in(make_person("Alice")).cookies["sessionid"].value
    return value


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, session: str) -> Iterator[Page]:
    with window(browser, live_server.url, session=session) as opened:
        opened.page.goto(reverse("console:playground"))
        know_the_language(opened.page)
        yield opened.page
        assert opened.complaints == []


def know_the_language(page: Page) -> None:
    """Until the editor can complete and explain: keys that are pressed before find no suggestions."""
    set_caret = "at => document.getElementById('source').setSelectionRange(at, at)"
    page.locator("#source").focus()
    page.evaluate(set_caret, text_of(page).index('"duration"') + 2)
    expect(page.locator("#inspector")).to_contain_text("duration")
    page.evaluate(set_caret, 0)
    page.locator("#source").blur()


def write(page: Page, text: str) -> None:
    """Type over everything that is there."""
    page.locator("#source").press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


def text_of(page: Page) -> str:
    return page.locator("#source").input_value()


def fill(page: Page, text: str, caret: str = "|") -> None:
    """Put a text in at once; the caret stands where `caret` is."""
    offset = text.find(caret)
    page.locator("#source").fill(text.replace(caret, "", 1))
    page.evaluate("at => document.getElementById('source').setSelectionRange(at, at)", offset if offset >= 0 else 0)


def active(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


def test_the_coloured_lines_lie_exactly_behind_the_text(page: Page) -> None:
    drawn = page.eval_on_selector_all(".lines > div", "lines => lines.map(line => line.textContent).join('\\n')")
    assert drawn == text_of(page)
    assert page.eval_on_selector(".numbers > :last-child", "last => last.textContent") == str(drawn.count("\n") + 1)
    styles = page.evaluate(
        """() => [".lines", "textarea"].map(name => {
            const style = getComputedStyle(document.querySelector(`#editor ${name}`));
            return [style.font, style.letterSpacing, style.padding, style.tabSize, style.whiteSpace];
        })"""
    )
    assert styles[0] == styles[1]


def test_the_lines_follow_when_the_text_is_scrolled(page: Page) -> None:
    page.locator("#source").evaluate("area => { area.scrollTop = 240; area.scrollLeft = 30; }")
    expect(page.locator(".lines")).to_have_css("transform", "matrix(1, 0, 0, 1, -30, -240)")
    expect(page.locator(".numbers")).to_have_css("transform", "matrix(1, 0, 0, 1, 0, -240)")


def test_brackets_and_quotes_come_in_pairs_and_lines_are_indented(page: Page) -> None:
    write(page, '{"width')
    page.keyboard.press("Escape")
    page.keyboard.type('": 16,')
    assert text_of(page) == '{"width": 16,}'
    page.keyboard.press("Enter")
    assert text_of(page) == '{"width": 16,\n}'
    write(page, "[")
    page.keyboard.press("Enter")
    assert text_of(page) == "[\n  \n]"
    page.keyboard.type("7]")
    assert text_of(page) == "[\n  7]\n]"


def test_undoing_brings_back_what_was_there(page: Page) -> None:
    before = text_of(page)
    page.locator("#source").press("Control+End")
    page.keyboard.type("{")
    assert text_of(page) == before + "{}"
    page.keyboard.press("Control+z")
    assert text_of(page) == before


def test_a_problem_is_marked_in_its_line(page: Page) -> None:
    fill(page, '{\n  "duration": 2,\n  "frame_rate": 0,\n  "elements": []\n}')
    expect(page.locator(".numbers > .error")).to_have_text("3")
    expect(page.locator(".lines .error")).to_have_text("0")
    expect(page.locator("#problems li.error")).to_contain_text("Line 3, frame_rate")
    expect(page.locator("#source")).to_have_attribute("aria-invalid", "true")
    page.locator("#problems li.error a").click()
    assert (
        page.evaluate(
            "getSelection().toString() || [...document.querySelectorAll('#source')].map("
            "area => area.value.slice(area.selectionStart, area.selectionEnd))[0]"
        )
        == "0"
    )


def test_what_is_no_json_is_marked_too(page: Page) -> None:
    fill(page, '{\n  "duration": 2,\n  "elements" []\n}')
    expect(page.locator(".numbers > .error")).to_have_text("3")


def test_properties_are_completed_by_keys(page: Page) -> None:
    fill(page, '{"elements": [{"type": "text", |}]}')
    page.keyboard.type('"font_s')
    expect(page.locator("#suggestions")).to_be_visible()
    expect(page.get_by_role("option", selected=True)).to_contain_text("font_size")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("font_style")
    selected = page.get_by_role("option", selected=True).get_attribute("id")
    assert page.locator("#source").get_attribute("aria-activedescendant") == selected
    page.keyboard.press("Enter")
    assert text_of(page) == '{"elements": [{"type": "text", "font_style": ""}]}'
    expect(page.locator("#suggestions")).to_be_visible()
    page.keyboard.type("ital")
    page.keyboard.press("Enter")
    assert text_of(page) == '{"elements": [{"type": "text", "font_style": "italic"}]}'
    expect(page.locator("#suggestions")).to_be_hidden()


def test_suggestions_know_where_they_are(page: Page) -> None:
    fill(page, '{"elements": [{"motion": [{"type": "|"}], "type": "text"}]}')
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("option", name="ken_burns_in_out")).to_have_count(1)
    expect(page.get_by_role("option", name="cross_dissolve")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    assert active(page) == "source"
    fill(page, '{"transitions": [{|}]}')
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("option")).to_have_count(5)


def test_the_property_at_the_caret_is_explained(page: Page) -> None:
    fill(page, '{"elements": [{"type": "text", "leading": 1.|2}]}')
    expect(page.locator("#inspector")).to_contain_text("leading number 0 to 100, usually 1.2.")
    expect(page.locator("#place")).to_have_text("Line 1, column 45")


def test_tab_indents_and_nobody_is_trapped(page: Page) -> None:
    fill(page, "|[1]")
    page.keyboard.press("Tab")
    assert text_of(page) == "  [1]"
    page.keyboard.press("Shift+Tab")
    assert text_of(page) == "[1]"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert active(page) != "source"
    page.locator("#source").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    assert active(page) == "render"
    assert text_of(page) == "[1]"


def test_formatting_writes_as_the_server_does(page: Page) -> None:
    for template in TEMPLATES[:3]:
        fill(page, json.dumps(json.loads(template.source)))
        page.keyboard.press("Control+Shift+f")
        written = json.loads(template.source)
        assert text_of(page) == pretty(written)


def test_formatting_changes_no_number_and_no_string(page: Page) -> None:
    fill(page, '{"a":1.50,"b":"\\u00e9","c":[12345678901234567890]}')
    page.locator("#format").click()
    assert text_of(page) == '{\n  "a": 1.50,\n  "b": "\\u00e9",\n  "c": [12345678901234567890]\n}\n'


def test_the_draft_survives_and_gives_way_to_a_template(page: Page) -> None:
    fill(page, '{"duration": 3}')
    page.reload()
    assert text_of(page) == '{"duration": 3}'
    page.get_by_role("link", name="Credits roll").click()
    expect(page.locator("#source")).to_have_value(next(one.source for one in TEMPLATES if one.name == "credits"))
    page.locator("#restore").click()
    assert text_of(page) == '{"duration": 3}'


def test_a_render_begins_by_keys_and_is_watched(page: Page, live_server: LiveServer) -> None:
    page.locator("#source").press("Control+Enter")
    expect(page.locator("#result")).to_contain_text("Waiting for a worker")
    expect(page.locator("#announcer")).to_have_text("Waiting for a worker")
    token = page.locator("#form-token").input_value()
    cancel(Job.objects.get())
    expect(page.locator("#result")).to_contain_text("Cancelled")
    page.locator("#render").click()
    expect(page.locator("#result")).to_contain_text("Waiting for a worker")
    assert page.locator("#form-token").input_value() != token
    assert Job.objects.count() == 2


def test_a_refused_render_says_why_in_place(page: Page) -> None:
    fill(page, '{\n"duration": -1}')
    page.locator("#render").click()
    expect(page.locator("#result")).to_contain_text("This request cannot be rendered.")
    expect(page.locator("#result")).to_contain_text("Line 2")
    assert not Job.objects.exists()


def test_without_scripts_it_is_a_form(browser: Browser, live_server: LiveServer, session: str) -> None:
    with window(browser, live_server.url, session=session, scripts=False) as opened:
        page = opened.page
        page.goto(reverse("console:playground"))
        page.locator("#source").fill('{\n"duration": -1}')
        page.locator("#check").click()
        assert "Line 2, duration" in page.locator("#problems").inner_text()
        page.locator("#source").fill('{"duration": 1}')
        page.locator("#render").click()
        assert Job.objects.get().id in page.url


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_playground_is_open_to_everybody(
    browser: Browser, live_server: LiveServer, session: str, theme: Any
) -> None:
    for width in WIDTHS:
        with window(browser, live_server.url, session=session, width=width, theme=theme) as opened:
            opened.page.goto(f"{reverse('console:playground')}?template=quote")
            opened.page.locator("#source").fill('{\n"duration": -1, "elements": [], "colour": 1}')
            expect(opened.page.locator("#problems li")).to_have_count(2)
            opened.page.locator("#source").press("Control+Space")
            assert serious_violations(opened.page) == []
            assert not scrolls_sideways(opened.page), width
            assert opened.complaints == []
