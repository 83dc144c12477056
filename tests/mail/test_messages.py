"""What mails look like: both bodies, one-line subjects, and nothing of a name taken for markup or for a header."""

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from html.parser import HTMLParser

import pytest
from django.core import mail as outbox

from apps.mail.kinds import KINDS
from apps.mail.messages import MAX_FACT_LENGTH, MAX_SUBJECT_LENGTH, message_of, subject_of
from apps.mail.models import Mail
from tests.mail.conftest import FACTS, context_for

HOSTILE_NAMES = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "{{ code }} {% now 'Y' %} {0.__class__}",
    "A & B",
]
HEADER_BREAKERS = [
    "Alice\r\nBcc: victim@example.org",
    "Alice\nContent-Type: text/html\n\n<b>hello</b>",
    "Alice\rBcc: victim@example.org",
    "Alice\u2028Bcc: victim@example.org",
    "Alice\x85Bcc: victim@example.org\x00",
]


def mail_of(template: str, **changed: str) -> Mail:
    return Mail(id=7, to="alice@example.org", template=template, context=context_for(KINDS[template].fields, **changed))


def sent(mail: Mail) -> EmailMessage:
    """The message as a mail client reads it."""
    raw = message_of(mail).message().as_bytes()
    parsed: EmailMessage = message_from_bytes(raw, policy=policy.default)
    return parsed


def bodies(mail: Mail) -> tuple[str, str]:
    message = sent(mail)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


class Tags(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("template", KINDS)
def test_both_bodies_say_everything(template: str, settings: object) -> None:
    mail = mail_of(template)
    text, html = bodies(mail)
    words = Tags(html).text
    for field in KINDS[template].fields:
        said_in_subject = "{" + field + "}" in KINDS[template].subject
        assert FACTS[field] in text or said_in_subject, field
        assert FACTS[field] in words or said_in_subject, field
    for body in (text, words):
        assert "http://localhost:8000" in body
        assert "{{" not in body
        assert "{%" not in body


@pytest.mark.parametrize("template", KINDS)
def test_pages_fit_light_and_dark_and_load_nothing_from_elsewhere(template: str) -> None:
    _, html = bodies(mail_of(template))
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<(script|link|img|iframe)\b|@import|url\(", html)


@pytest.mark.parametrize("template", KINDS)
def test_lines_are_short_enough_to_be_sent_as_they_are(template: str) -> None:
    """RFC 5322, 2.1.1: 998 characters; longer ones would be encoded."""
    raw = message_of(mail_of(template)).message().as_bytes()
    assert max(len(line) for line in raw.splitlines()) <= 998
    assert b"Content-Transfer-Encoding: quoted-printable" not in raw
    assert b"Content-Transfer-Encoding: base64" not in raw


def test_only_the_code_has_six_digits_in_a_row() -> None:
    """A script can find it in a file by its digits alone."""
    raw = message_of(mail_of("verification_code")).message().as_string()
    assert set(re.findall(r"[0-9]{6,}", raw)) == {"123456"}
    assert re.search(r"(?m)^ *123456$", raw)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("template", [name for name, kind in KINDS.items() if "workspace_name" in kind.fields])
def test_names_are_text_and_never_markup(template: str, name: str) -> None:
    text, html = bodies(mail_of(template, workspace_name=name))
    assert name in text or template == "workspace_erased" or name in subject_of(mail_of(template, workspace_name=name))
    assert Tags(html).tags == Tags(bodies(mail_of(template))[1]).tags
    assert name in Tags(html).text


@pytest.mark.parametrize("name", HEADER_BREAKERS)
@pytest.mark.parametrize("template", [name for name, kind in KINDS.items() if "workspace_name" in kind.fields])
def test_names_cannot_begin_a_header(template: str, name: str) -> None:
    plain, broken = sent(mail_of(template)), sent(mail_of(template, workspace_name=name))
    assert broken.keys() == plain.keys()
    assert broken["Bcc"] is None
    assert broken["To"] == "alice@example.org"
    assert "victim@example.org" in broken["Subject"] or "Content-Type" in broken["Subject"]
    assert broken.get_content_type() == "multipart/alternative"


def test_long_names_are_cut_in_subjects() -> None:
    subject = subject_of(mail_of("quota_80", workspace_name="x" * 255))
    assert len(subject) == MAX_SUBJECT_LENGTH
    assert subject.endswith("…")


@pytest.mark.parametrize("template", [name for name, kind in KINDS.items() if kind.fields])
def test_long_facts_are_cut_in_bodies(template: str) -> None:
    """An address may have 2083 characters, a name 255: neither may fill the mail."""
    cut = "x" * (MAX_FACT_LENGTH - 1) + "…"
    for body in bodies(mail_of(template, **dict.fromkeys(KINDS[template].fields, "x" * 2083))):
        assert cut in body
        assert "x" * MAX_FACT_LENGTH not in body


def test_names_cannot_begin_a_paragraph() -> None:
    text, html = bodies(mail_of("quota_80", workspace_name="Alice\n\nYour key has leaked\u2028Enter it at"))
    for body in (text, html):
        assert "Alice Your key has leaked Enter it at" in body


@pytest.mark.parametrize("template", KINDS)
def test_both_bodies_say_why_they_came(template: str) -> None:
    text, html = bodies(mail_of(template))
    for body in (text, Tags(html).text):
        assert "You receive this mail because" in " ".join(body.split())


@pytest.mark.parametrize("template", KINDS)
def test_pages_are_titled_and_previewed(template: str) -> None:
    """Lists of mails show the preview beside the subject: it says something else, and ends in blanks."""
    mail = mail_of(template)
    page = bodies(mail)[1]
    assert f"<title>{escape(subject_of(mail))}</title>" in page
    preview = Tags(page.partition("mso-hide:all;")[2].partition("</div>")[0]).text.strip('>" \n')
    assert 10 < len(preview.partition("\n")[0]) < 100
    assert preview.count("\u034f") > 50


def contrast(one: str, other: str) -> float:
    """From 1 to 21, of two colours as #rrggbb: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def light_colours(page: str, name: str) -> set[str]:
    """What inline styles of elements of a class say about colours."""
    styles = re.findall(rf'class="{name}"[^>]* style="([^"]*)"', page)
    return {colour for style in styles for colour in re.findall(r"#[0-9a-f]{6}", style.replace("#e5e0d8", ""))}


def dark_colours(page: str, name: str) -> set[str]:
    rules = re.findall(rf"(?m)^  [^{{]*\.{name}\b[^{{]*{{ ([^}}]*)", page)
    return {colour for rule in rules for colour in re.findall(r"(?:background|[^-]color|^color): (#[0-9a-f]{6})", rule)}


@pytest.mark.parametrize("colours", [light_colours, dark_colours])
@pytest.mark.parametrize("template", KINDS)
def test_every_text_stands_out(template: str, colours: Callable[[str, str], set[str]]) -> None:
    """At least 4.5:1, https://www.w3.org/TR/WCAG22/#contrast-minimum"""
    page = bodies(mail_of(template))[1]
    grounds = colours(page, "page") | colours(page, "card")
    inks = colours(page, "text") | colours(page, "heading") | colours(page, "quiet") | colours(page, "link")
    assert len(grounds) == 2
    assert len(inks) >= 3
    assert min(contrast(ink, ground) for ink in inks for ground in grounds) >= 4.5


def test_names_of_any_script_survive() -> None:
    name = "Ålice 映画 🎬"
    message = sent(mail_of("quota_80", workspace_name=name))
    assert name in message["Subject"]
    assert name in bodies(mail_of("quota_80", workspace_name=name))[0]


def test_subjects_never_hold_the_code() -> None:
    assert "123456" not in subject_of(mail_of("verification_code"))


@pytest.mark.parametrize("template", ["verification_code", "address_in_use"])
def test_unproven_addresses_receive_no_words_of_strangers(template: str) -> None:
    assert not KINDS[template].fields & {"workspace_name", "key_name", "url"}


def test_a_mail_has_one_id_however_often_it_is_built() -> None:
    mail, other = mail_of("quota_80"), mail_of("quota_80")
    other.id = 8
    first, again, different = (sent(one)["Message-ID"] for one in (mail, mail, other))
    assert first == again
    assert first != different
    assert first.endswith("@framelane.test>")


def test_machines_are_told_not_to_reply() -> None:
    """RFC 3834, 5: no vacation notices."""
    assert sent(mail_of("quota_80"))["Auto-Submitted"] == "auto-generated"


def test_mail_comes_from_the_installation() -> None:
    message_of(mail_of("quota_80")).send()
    assert outbox.outbox[0].from_email == "Framelane <noreply@framelane.test>"
