"""Checking a text says what the API would say to it, and where."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.console.playground import rendering
from apps.jobs.models import Job
from tests.console.people import signed_in
from tests.people import Person, make_person

SCENE = {"duration": 1, "elements": [{"type": "text", "text": "Hello", "duration": 1}]}


def check(client: Client, text: str | bytes) -> Any:
    raw = text.encode() if isinstance(text, str) else text
    return client.post(reverse("console:playground-check"), raw, content_type="application/json")


def problems(client: Client, text: str | bytes) -> list[dict[str, Any]]:
    response = check(client, text)
    assert response.status_code == 200
    found: list[dict[str, Any]] = response.json()["problems"]
    return found


@pytest.fixture
def client(alice: Person) -> Client:
    return signed_in(alice)


def test_a_fine_request_has_no_problems_and_makes_nothing(client: Client) -> None:
    assert check(client, json.dumps(SCENE)).json() == {"ok": True, "problems": []}
    assert not Job.objects.exists()


def test_a_wrong_value_is_found_at_its_place(client: Client) -> None:
    text = '{\n  "elements": [\n    {"type": "text", "text": "😀", "duration": -1}\n  ]\n}'
    (problem,) = problems(client, text)
    assert (problem["line"], problem["column"]) == (3, 47)
    assert problem["severity"] == "error"
    assert problem["place"] == "elements[0].duration"
    assert text.encode("utf-16-le")[2 * problem["start"] : 2 * problem["end"]].decode("utf-16-le") == "-1"


def test_a_misspelt_value_is_told_the_nearest_one(client: Client) -> None:
    text = json.dumps({"elements": [{"type": "text", "text": "a", "duration": 1, "text_align": "centre"}]})
    (problem,) = problems(client, text)
    assert "did you mean 'center'?" in problem["message"]
    assert text[problem["start"] : problem["end"]] == '"centre"'


def test_what_is_missing_is_marked_where_it_is_missing(client: Client) -> None:
    text = '{"elements": [\n{"type": "text", "text": "a"}]}'
    (problem,) = problems(client, text)
    assert (problem["path"], problem["line"], problem["column"]) == ("/elements/0/duration", 2, 1)


def test_the_api_says_the_same(client: Client, alice: Person) -> None:
    wrong = {"width": 3, "height": 20, "elements": [{"type": "movie"}, {"type": "text", "text": "", "duration": 1}]}
    said = [(field["path"], field["code"], field["message"]) for field in refused_fields(alice, wrong)]
    found = [(problem["path"], problem["code"], problem["message"]) for problem in problems(client, json.dumps(wrong))]
    assert sorted(found) == sorted(said)
    assert len(found) == 3


def refused_fields(person: Person, body: Any) -> list[dict[str, str]]:
    fields: list[dict[str, str]] = person.post("/v1/renders", body).json()["error"]["details"]["fields"]
    return fields


def test_likely_mistakes_are_warnings(client: Client) -> None:
    text = json.dumps({**SCENE, "colour": "red"})
    (problem,) = problems(client, text)
    assert (problem["code"], problem["severity"]) == ("UNKNOWN_FIELD", "warning")
    assert text[problem["start"] : problem["end"]] == '"colour"'
    assert check(client, text).json()["ok"] is True


def test_what_the_plan_does_not_allow_is_said(db: None) -> None:
    client = signed_in(make_person("Poor", plan="free"))
    (problem,) = problems(client, json.dumps({**SCENE, "width": 3840, "height": 2160}))
    assert (problem["code"], problem["path"]) == ("plan_limit", "/width")


def test_a_private_receiver_is_refused_as_the_api_does(client: Client) -> None:
    (problem,) = problems(client, json.dumps({**SCENE, "webhook_url": "http://127.0.0.1/"}))
    assert problem["path"] == "/webhook_url"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"width": 16,\n  "height" 16}', 2, 12),
        ('{"width": 16', 1, 12),
        ("", 1, 1),
        ('{\n"duration": NaN}', 2, 13),
        ('{"a": 1, "duration": -Infinity}', 1, 22),
        ('{"elements": "\\u0000"}', 1, 14),
        ('{"a": "\\ud83d\\ude00", "b": "\\ud83d"}', 1, 28),
        ('{"duration": ' + "9" * 5000 + "}", 1, 14),
        ("[" * 100_000, 1, 100_000),
        ('{"a": "\x01"}', 1, 8),
    ],
)
def test_what_is_no_json_is_found_at_its_place(client: Client, text: str, line: int, column: int) -> None:
    (problem,) = problems(client, text)
    assert (problem["line"], problem["column"]) == (line, column)
    assert problem["code"] == "invalid_request"


def test_bytes_that_are_no_text_are_refused(client: Client) -> None:
    (problem,) = problems(client, b'{"a": "\xff"}')
    assert "UTF-8" in problem["message"]


@pytest.mark.parametrize("number", ["1e400", "-1e400"])
def test_a_number_beyond_all_numbers_is_refused(client: Client, number: str) -> None:
    (problem,) = problems(client, f'{{"duration": {number}}}')
    assert problem["path"] == "/duration"


@pytest.mark.parametrize("text", ["null", "[]", '"elements"', "7"])
def test_what_is_no_object_is_refused(client: Client, text: str) -> None:
    (problem,) = problems(client, text)
    assert (problem["line"], problem["column"]) == (1, 1)


def test_of_a_key_that_comes_twice_the_last_one_is_judged(client: Client) -> None:
    assert problems(client, '{"duration": -1, "duration": 2, "elements": []}')[0]["severity"] == "warning"
    (problem, *_) = problems(client, '{"duration": 2,\n"duration": -1}')
    assert problem["line"] == 2


def test_a_text_beyond_the_limit_is_refused(client: Client, settings: Any) -> None:
    settings.FRAMELANE_MAX_BODY_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = check(client, json.dumps({"a": "x" * 1000}))
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "payload_too_large"


def test_many_problems_are_cut_off(client: Client) -> None:
    assert len(problems(client, json.dumps({"elements": [{"type": "x"}] * 900}))) == 200


def test_a_form_is_answered_by_the_page(client: Client) -> None:
    source = '{\r\n"duration": -1,\r\n"x": "</textarea><script>alert(1)</script>"}'
    response = client.post(reverse("console:playground-check"), {"source": source})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Line 2" in page
    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)" in page


def test_a_form_without_problems_says_so(client: Client) -> None:
    response = client.post(reverse("console:playground-check"), {"source": json.dumps(SCENE)})
    assert response.status_code == 200
    assert b"No problems" in response.content


@pytest.mark.usefixtures("still_minute")
def test_checks_have_a_limit_of_their_own(client: Client, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "CHECKS_PER_MINUTE", 2)
    assert [check(client, "{}").status_code for _ in range(3)] == [200, 200, 429]
    assert alice.get("/v1/renders").headers["RateLimit-Remaining"] == "599"


def test_checking_asks_the_database_for_little(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(10):
        check(client, json.dumps(SCENE))


def test_strangers_are_sent_to_sign_in(db: None) -> None:
    assert check(Client(), "{}").status_code == 302


def test_a_check_needs_the_token_of_the_form(alice: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(alice).cookies
    assert check(strict, "{}").status_code == 403
