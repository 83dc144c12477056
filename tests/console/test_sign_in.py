"""From an address to the dashboard: signing in, up and out."""

import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from apps.account.invitations import invite
from apps.api_keys.models import ApiKey
from apps.console.secrets import FIRST_KEY, take
from apps.console.sign_in.process import SignIn
from apps.mail.models import Mail
from apps.signup import sign_in as services
from apps.workspaces.members import add_member
from apps.workspaces.models import Identity, Membership, Role, Workspace
from apps.workspaces.services import create_workspace
from framelane.api import tasks
from framelane.lib import clock
from tests.console.entering import (
    CODE,
    DASHBOARD,
    EMAIL,
    RESEND,
    SIGN_IN,
    SIGN_OUT,
    SIGN_UP,
    WELCOME,
    a_user,
    ask,
    ask_as_new,
    browser,
    enter,
    person_in,
    signed_in,
    signed_up,
)
from tests.mails import last_code, mails_to, other_than
from tests.people import Person, client_with
from tests.threads import at_once

pytestmark = pytest.mark.django_db
ALICE = "alice@example.org"


def places_of(user: User | None) -> list[tuple[str, str]]:
    return [(one.workspace.name, one.role) for one in Membership.objects.select_related("workspace").filter(user=user)]


# --- Signing in -------------------------------------------------------------------------------------------------------


def test_strangers_are_sent_to_sign_in_and_come_back(alice: Person) -> None:
    client = browser()
    sent = client.get("/console/switch?x=1")
    assert (sent.status_code, sent["Location"]) == (302, f"{SIGN_IN}?next=/console/switch%3Fx%3D1")
    page = client.get(sent["Location"])
    assert 'name="next" value="/console/switch?x=1"' in page.content.decode()
    ask(client, ALICE, next="/console/switch?x=1")
    assert enter(client, last_code(ALICE))["Location"] == "/console/switch?x=1"


def test_the_code_of_the_mail_lets_in() -> None:
    user = a_user()
    client = browser()
    asked = ask(client)
    assert (asked.status_code, asked["Location"]) == (302, CODE)
    assert EMAIL in client.get(CODE).content.decode()
    entered = enter(client, last_code())
    assert (entered.status_code, entered["Location"]) == (302, DASHBOARD)
    assert person_in(client) == user
    assert [message.subject for message in mails_to()] == ["Your Framelane sign-in code"]


def test_who_signed_up_by_curl_becomes_the_owner_of_what_is_theirs(alice: Person) -> None:
    client = signed_in(ALICE)
    user = person_in(client)
    assert user is not None
    assert user.email == ALICE
    assert user.username.startswith("user_")
    assert not user.has_usable_password()
    assert places_of(user) == [("Alice's workspace", "owner")]
    assert client.get(DASHBOARD).status_code == 200
    # The second time they are the same person, and own it once.
    assert person_in(signed_in(ALICE)) == user
    assert Membership.objects.count() == 1


def test_what_a_stranger_set_up_under_an_address_does_not_become_its_owners() -> None:
    """Its key is the stranger's: nobody else has ever proven the address."""
    unproven = create_workspace(name="A trap", email=EMAIL)
    client = signed_in()
    assert places_of(person_in(client)) == []
    assert client.get(DASHBOARD)["Location"] == WELCOME
    unproven.refresh_from_db()
    assert unproven.verified_at is None


def test_who_claims_an_address_elsewhere_does_not_get_its_owner() -> None:
    """A person whose issuer never proved the address, with a workspace under it, waits for its real owner."""
    stranger = a_user(email="")
    Identity.objects.create(issuer="https://issuer.example", subject="mallory", user=stranger)
    trap = create_workspace(name="A trap", email=EMAIL)
    add_member(workspace=trap, user=stranger, role=Role.OWNER)
    client = signed_in()
    assert person_in(client) != stranger
    assert places_of(person_in(client)) == []
    assert Workspace.objects.get(id=trap.id).verified_at is None


def test_who_is_known_from_an_issuer_stays_the_same_person(alice: Person) -> None:
    user = a_user()
    Identity.objects.create(issuer="https://issuer.example", subject="ada", user=user)
    add_member(workspace=alice.workspace, user=user, role=Role.MEMBER)
    client = signed_in()
    assert person_in(client) == user
    assert places_of(user) == [("Alice's workspace", "member")]
    assert User.objects.count() == 1


def test_owners_prove_their_workspace_by_signing_in() -> None:
    user, workspace = a_user(), create_workspace(name="Mine", email=EMAIL)
    add_member(workspace=workspace, user=user, role=Role.OWNER)
    signed_in()
    workspace.refresh_from_db()
    assert workspace.verified_at is not None


@pytest.mark.parametrize("spelling", ["ADA@EXAMPLE.ORG", " ada@example.org ", "Ada@Example.Org"])
def test_an_address_is_the_same_person_however_it_is_written(spelling: str) -> None:
    user = a_user()
    client = browser()
    ask(client, spelling)
    code = last_code(Mail.objects.get().to)
    assert enter(client, code).status_code == 302
    assert person_in(client) == user


def test_nobody_who_was_locked_out_gets_in() -> None:
    user = a_user(is_active=False)
    client = browser()
    ask(client)
    response = enter(client, last_code())
    assert response.status_code == 403
    assert "locked" in response.content.decode()
    assert person_in(client) is None
    assert list(User.objects.all()) == [user]


def test_who_is_locked_out_meanwhile_is_out_at_once(alice: Person) -> None:
    client = signed_in(ALICE)
    User.objects.update(is_active=False)
    assert client.get(DASHBOARD)["Location"].startswith(SIGN_IN)


def test_of_two_people_with_an_address_the_one_who_may_sign_in_does() -> None:
    a_user(is_active=False)
    active = a_user()
    assert person_in(signed_in()) == active


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "http:evil.example",
        "/console/\n/",
        "/" + "x" * 3000,
    ],
)
def test_nobody_is_led_away_afterwards(wanted: str, alice: Person) -> None:
    client = browser()
    page = client.get(SIGN_IN, {"next": wanted}).content.decode()
    assert 'name="next"' not in page
    ask(client, ALICE, next=wanted)
    assert enter(client, last_code(ALICE))["Location"] == DASHBOARD
    assert client.get(SIGN_IN, {"next": wanted})["Location"] == DASHBOARD


def test_who_has_signed_in_needs_no_second_time(alice: Person) -> None:
    client = signed_in(ALICE)
    for path in (SIGN_IN, SIGN_UP, CODE):
        assert client.get(path).status_code == 302
    assert client.get(SIGN_IN, {"next": "/console/switch"})["Location"] == "/console/switch"


def test_a_new_person_is_made_once_however_many_codes_are_entered_at_once(transactional_db: None) -> None:
    create_workspace(name="Mine", email=EMAIL, verified=True)
    users = at_once(*(partial(services.enter, email=EMAIL) for _ in range(6)))
    assert len({user.id for user in users}) == 1
    assert User.objects.count() == 1
    assert Membership.objects.count() == 1


# --- Signing up -------------------------------------------------------------------------------------------------------


def test_newcomers_get_a_workspace_and_see_its_first_key_once() -> None:
    client = browser()
    assert ask_as_new(client, name="  Ada's films ")["Location"] == CODE
    assert not User.objects.exists()
    assert not Workspace.objects.exists()
    assert [message.subject for message in mails_to()] == ["Your Framelane sign-up code"]
    assert enter(client, last_code())["Location"] == DASHBOARD
    workspace = Workspace.objects.get()
    assert (workspace.name, workspace.email, workspace.verified_at is not None) == ("Ada's films", EMAIL, True)
    assert places_of(person_in(client)) == [("Ada's films", "owner")]
    key = ApiKey.objects.get()
    assert (key.workspace, key.name) == (workspace, "First key")


def test_the_first_key_is_taken_once_and_lies_nowhere(rf: Any) -> None:
    client = signed_up()
    session = client.session
    assert "fl_live_" not in str(dict(session))
    request = rf.get(DASHBOARD)
    request.session = session
    secret = take(request, FIRST_KEY)
    assert secret is not None
    assert client_with(secret.text).get("/v1/renders").status_code == 200
    assert take(request, FIRST_KEY) is None
    assert FIRST_KEY not in request.session


def test_a_key_whose_seal_cannot_be_opened_is_not_shown(rf: Any, settings: Any) -> None:
    client = signed_up()
    request = rf.get(DASHBOARD)
    request.session = client.session
    settings.SECRET_KEY = "another"
    assert take(request, FIRST_KEY) is None


def test_who_signs_up_a_second_time_is_signed_in_and_keeps_their_workspace(alice: Person) -> None:
    client = browser()
    ask_as_new(client, ALICE, "Another")
    assert mails_to(ALICE)[-1].subject == "Your Framelane sign-in code"
    response = client.post(CODE, {"code": last_code(ALICE)}, follow=True)
    assert "had a workspace already" in response.content.decode()
    assert Workspace.objects.count() == 1
    assert places_of(person_in(client)) == [("Alice's workspace", "owner")]
    assert FIRST_KEY not in client.session


def test_nothing_that_a_stranger_typed_is_in_the_mail() -> None:
    ask_as_new(browser(), name="Visit evil.example now")
    [message] = mails_to()
    assert "evil" not in message.body + message.subject + str(message.alternatives)


# --- Welcome ----------------------------------------------------------------------------------------------------------


def test_people_without_a_workspace_make_one() -> None:
    a_user()
    client = signed_in()
    assert client.get(DASHBOARD)["Location"] == WELCOME
    assert "administration" not in client.get(WELCOME).content.decode()
    assert client.post(WELCOME, {"workspace_name": "Ada's films"})["Location"] == DASHBOARD
    assert places_of(person_in(client)) == [("Ada's films", "owner")]
    assert Workspace.objects.get().verified_at is not None
    assert FIRST_KEY in client.session
    assert client.get(WELCOME)["Location"] == DASHBOARD
    client.post(WELCOME, {"workspace_name": "Second"})
    assert Workspace.objects.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 256, "a\x00b", "a\u2028b"])
def test_names_that_cannot_be_are_refused(name: str) -> None:
    a_user()
    client = signed_in()
    assert client.post(WELCOME, {"workspace_name": name}).status_code == 422
    assert ask_as_new(browser(), name=name).status_code == 422
    assert not Workspace.objects.exists()


def test_who_is_invited_can_sign_in_without_signing_up(alice: Person) -> None:
    owner = a_user("owner@example.org")
    invite(workspace=alice.workspace, email=EMAIL, role=Role.MEMBER, inviter=owner)
    client = signed_in()
    assert client.get(DASHBOARD)["Location"] == WELCOME
    assert "/console/invitations" in client.get(WELCOME).content.decode()
    assert places_of(person_in(client)) == []


def test_welcome_is_for_people_who_have_signed_in() -> None:
    assert browser().get(WELCOME)["Location"] == f"{SIGN_IN}?next={WELCOME}"
    assert browser().post(WELCOME, {"workspace_name": "x"})["Location"] == f"{SIGN_IN}?next=/console/"
    a_user()
    assert signed_in().delete(WELCOME).status_code == 405


def test_a_person_founds_one_workspace_however_often_they_ask_at_once(transactional_db: None) -> None:
    user = a_user()
    made = at_once(*(partial(services.found_workspace, user=user, name=f"No. {number}") for number in range(6)))
    assert sum(one is not None for one in made) == 1
    assert (Workspace.objects.count(), ApiKey.objects.count()) == (1, 1)


def test_a_workspace_needs_an_address(client: Client) -> None:
    client.force_login(a_user(email=""))
    response = client.post(WELCOME, {"workspace_name": "Mine"})
    assert response.status_code == 403
    assert "e-mail address" in response.content.decode()


# --- Codes ------------------------------------------------------------------------------------------------------------


def test_a_code_works_in_the_browser_that_asked_for_it_alone() -> None:
    a_user()
    asker, other = browser(), browser()
    ask(asker)
    assert enter(other, last_code())["Location"] == SIGN_IN
    assert enter(asker, last_code()).status_code == 302
    assert person_in(other) is None


def test_a_code_is_dead_after_five_tries_and_a_new_one_works(pass_time: Any) -> None:
    a_user()
    client = browser()
    ask(client)
    code = last_code()
    texts = [enter(client, other_than(code)).content.decode() for _ in range(5)]
    assert "4 tries left" in texts[0]
    assert "1 try left" in texts[3]
    assert "works no more" in texts[4]
    refused = enter(client, code)
    assert refused.status_code == 422
    assert "works no more" in refused.content.decode()
    assert person_in(client) is None
    pass_time(timedelta(seconds=31))
    client.post(RESEND)
    assert enter(client, last_code()).status_code == 302


def test_tries_count_however_they_come_at_once() -> None:
    """Five requests that read the session before any of them has written it are five tries."""
    a_user()
    client = browser()
    ask(client)
    code = last_code()
    before = Session.objects.get()
    for _ in range(5):
        enter(client, other_than(code))
        Session.objects.filter(pk=before.pk).update(session_data=before.session_data)
    assert enter(client, code).status_code == 422
    assert person_in(client) is None


def test_a_code_works_for_ten_minutes(pass_time: Any) -> None:
    a_user()
    client = browser()
    ask(client)
    code = last_code()
    pass_time(timedelta(minutes=9, seconds=55))
    assert "tries left" in enter(client, other_than(code)).content.decode()
    pass_time(timedelta(seconds=10))
    assert "works no more" in enter(client, code).content.decode()
    assert person_in(client) is None


def test_a_mail_whose_code_has_expired_is_not_sent(pass_time: Any) -> None:
    a_user()
    ask(browser())
    pass_time(timedelta(minutes=11))
    assert mails_to() == []


@pytest.mark.parametrize("written", ["{0} {1}", " {0}{1}\n", "{0}\u00a0{1}"])
def test_a_code_may_be_copied_with_spaces(written: str) -> None:
    a_user()
    client = browser()
    ask(client)
    code = last_code()
    assert enter(client, written.format(code[:3], code[3:])).status_code == 302


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12345x", "١٢٣٤٥٦", "²³¹²³¹", "1" * 5000, "\x00"])
def test_what_is_no_code_costs_no_try(text: str) -> None:
    a_user()
    client = browser()
    ask(client)
    for _ in range(6):
        assert enter(client, text).status_code == 422
    assert enter(client, last_code()).status_code == 302


def test_neither_code_nor_address_is_kept_where_it_could_be_guessed() -> None:
    a_user()
    client = browser()
    ask(client)
    code = last_code()
    kept = [*Mail.objects.values(), dict(client.session)]
    assert code not in str(kept)


def test_another_mail_is_possible_after_a_pause(pass_time: Any) -> None:
    a_user()
    client = browser()
    ask(client)
    first = last_code()
    page = client.post(RESEND, follow=True).content.decode()
    assert "seconds" in page
    assert len(mails_to()) == 1
    pass_time(timedelta(seconds=31))
    assert "new mail" in client.post(RESEND, follow=True).content.decode()
    second = last_code()
    assert len(mails_to()) == 2
    assert first == second or enter(client, first).status_code == 422
    assert enter(client, second).status_code == 302


def test_a_page_without_a_sign_in_leads_to_its_beginning() -> None:
    client = browser()
    for response in (client.get(CODE), enter(client, "123456"), client.post(RESEND)):
        assert (response.status_code, response["Location"]) == (302, SIGN_IN)
    assert "Enter your address first" in client.get(SIGN_IN).content.decode()


def test_a_sign_in_is_kept_open_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    a_user()
    client = browser()
    ask(client)
    later = time.time() + 3601
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get(CODE)["Location"] == SIGN_IN


@pytest.mark.parametrize(
    "text", ["", "nobody", "a@b", "a b@c.de", "a" * 300 + "@example.org", "a\x00@example.org", "@"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    for response in (ask(browser(), text), ask_as_new(browser(), text)):
        assert response.status_code == 422
        assert 'aria-invalid="true"' in response.content.decode()
    assert not Mail.objects.exists()


def test_what_is_typed_is_text(alice: Person) -> None:
    page = ask(browser(), '"><script>alert(1)</script>').content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# --- Sessions ---------------------------------------------------------------------------------------------------------


def test_signing_in_changes_the_session(alice: Person) -> None:
    client = browser()
    ask(client, ALICE)
    before = client.cookies["sessionid"].value
    enter(client, last_code(ALICE))
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(pk=before).exists()
    assert "account_login" not in client.session


def test_signing_out_ends_the_session_on_the_server(alice: Person) -> None:
    client = signed_in(ALICE)
    stolen = client.cookies["sessionid"].value
    assert client.get(SIGN_OUT).status_code == 405
    assert person_in(client) is not None
    response = client.post(SIGN_OUT, follow=True)
    assert "You have signed out" in response.content.decode()
    thief = browser()
    thief.cookies["sessionid"] = stolen
    assert thief.get(DASHBOARD)["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize("path", [SIGN_OUT, "/console/sign-out/everywhere"])
def test_signing_out_leaves_nothing_in_the_browser(path: str, alice: Person) -> None:
    client = signed_in(ALICE)
    page = client.get(DASHBOARD)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert client.post(path)["Clear-Site-Data"] == '"storage"'


@pytest.mark.parametrize("password", [None, "correct horse"])
def test_signing_out_everywhere_ends_every_session(password: str | None, alice: Person) -> None:
    phone, laptop, other = signed_in(ALICE), signed_in(ALICE), browser()
    user = person_in(phone)
    assert user is not None
    if password is not None:
        user.set_password(password)
        user.save()
        for client in (phone, laptop):
            client.force_login(user)
    other.force_login(a_user())
    assert laptop.post("/console/sign-out/everywhere")["Location"] == SIGN_IN
    for client in (phone, laptop):
        assert client.get(DASHBOARD)["Location"].startswith(SIGN_IN)
    assert other.get(DASHBOARD)["Location"] == WELCOME
    assert signed_in(ALICE).get(DASHBOARD).status_code == 200


def test_a_sign_in_that_comes_to_nothing_is_not_kept_for_weeks(alice: Person) -> None:
    client = browser()
    assert ask(client, ALICE).cookies["sessionid"]["max-age"] == 3600
    assert enter(client, last_code(ALICE)).cookies["sessionid"]["max-age"] == 14 * 24 * 3600


def test_forms_need_their_token(alice: Person) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
    for path in (SIGN_IN, SIGN_UP, CODE, RESEND, SIGN_OUT, WELCOME):
        response = client.post(path, {"email": ALICE})
        assert response.status_code == 403
        assert "form has expired" in response.content.decode()


def test_cookies_are_for_our_pages_alone(alice: Person, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = browser()
    client.get(SIGN_IN, secure=True)
    client.post(SIGN_IN, {"email": ALICE}, secure=True)
    response = client.post(CODE, {"code": last_code(ALICE)}, secure=True)
    session = response.cookies["sessionid"]
    assert (session["secure"], session["httponly"], session["samesite"]) == (True, True, "Lax")
    assert session["max-age"] == 14 * 24 * 3600
    csrf = response.cookies["csrftoken"]
    assert (csrf["secure"], csrf["httponly"], csrf["samesite"]) == (True, True, "Lax")


def test_a_session_lasts_two_weeks_after_the_last_visit(alice: Person, pass_time: Any) -> None:
    client = signed_in(ALICE)
    assert "sessionid" not in client.get(DASHBOARD).cookies
    pass_time(timedelta(days=1, seconds=1))
    assert client.get(DASHBOARD).cookies["sessionid"]["max-age"] == 14 * 24 * 3600
    assert "sessionid" not in client.get(DASHBOARD).cookies


def test_sessions_are_forgotten_when_they_are_over(alice: Person) -> None:
    signed_in(ALICE)
    ask(browser(), ALICE)
    tasks.purge_sessions()
    assert Session.objects.count() == 2
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    tasks.purge_sessions()
    assert not Session.objects.exists()


def test_pages_are_nobodys_to_keep(alice: Person) -> None:
    for path in (SIGN_IN, SIGN_UP):
        assert "no-store" in browser().get(path)["Cache-Control"]
    assert "no-store" in signed_in(ALICE).get(DASHBOARD)["Cache-Control"]


def test_fragments_are_told_where_to_go() -> None:
    response = browser().get(DASHBOARD, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == f"{SIGN_IN}?next=/console/"


def test_the_process_is_that_of_allauth() -> None:
    """What allauth adds between a code and the session, a second factor say, is not gone round."""
    assert SignIn.__mro__[1].__module__ == "allauth.account.internal.flows.login_by_code"
