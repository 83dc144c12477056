"""Every page of the administration opens, whatever it is asked for, quickly, and shows nobody's secrets."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from djstripe import models as mirror

from apps.workspaces.models import Workspace
from tests.people import Person
from tests.staff.acting import page_of
from tests.staff.inert import troubles_of
from tests.staff.rows import MAKERS, MARKUP, REGISTERED, SECRET, make_rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MAX_QUERIES = 12
"""Of a page of a hundred rows: session, person and messages among them."""
ODD_SEARCHES = ["%_\\", "'; DROP TABLE jobs_job; --", '"open', "映画 🎬", "\x00", "x" * 5000, "-1", "{{ x }} <b>"]
ODD_QUERIES = [
    {"p": "nonsense"},
    {"p": "9999"},
    {"o": "99.-98"},
    {"nonsense": "1"},
    {"workspace__id__exact": "nonsense"},
    {"created_at__year": "nonsense"},
    {"created_at__year": "2026", "created_at__month": "13"},
    {"created_at__year": "99999"},
    {"created_at__gte": "nonsense"},
    {"all": ""},
    {"_to_field": "key_hash"},
]
ODD_KEYS = ["0", "nonsense", "99999999999999999999", "%00", "x" * 300]


def assert_inert(answer: Any) -> None:
    """What somebody typed is text, and nothing is of the kind that our policy keeps from working."""
    page = answer.content.decode()
    assert MARKUP not in page
    assert troubles_of(page) == []


def links(page: str, inside: str) -> set[str]:
    """The queries that the part of a page from `inside` on links to."""
    return {unescape(found) for found in re.findall(r'href="(\?[^"]*)"', page[page.find(inside) :])}


def test_there_are_rows_of_every_kind() -> None:
    assert set(MAKERS) == set(REGISTERED)


def test_the_index_opens(staff: Client) -> None:
    assert staff.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_lists_of_many_rows_need_few_queries(model: type[models.Model], staff: Client) -> None:
    make_rows(model, 100)
    with CaptureQueriesContext(connection) as asked:
        answer = staff.get(page_of(model, "changelist"))
    assert answer.status_code == 200
    assert len(answer.context["cl"].result_list) >= 100
    assert len(asked) <= MAX_QUERIES, "\n".join(query["sql"][:200] for query in asked)
    assert SECRET not in answer.content.decode()
    assert_inert(answer)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_every_filter_and_every_order_opens(model: type[models.Model], staff: Client) -> None:
    make_rows(model, 2)
    address = page_of(model, "changelist")
    page = staff.get(address).content.decode()
    offered = links(page, 'id="changelist-filter"') if "changelist-filter" in page else set()
    columns = len(admin.site._registry[model].get_list_display(Any))  # type: ignore[arg-type]
    for query in offered | links(page, "<thead>") | {f"?o=-{column}" for column in range(1, columns + 1)}:
        assert staff.get(address + query).status_code == 200, query


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_odd_searches_and_queries_are_withstood(model: type[models.Model], staff: Client) -> None:
    make_rows(model, 1)
    for query in [*({"q": text} for text in ODD_SEARCHES), *ODD_QUERIES]:
        answer = staff.get(page_of(model, "changelist"), query)
        assert answer.status_code in (200, 302, 400), query


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_every_row_opens_and_keeps_its_secrets(model: type[models.Model], staff: Client) -> None:
    for row in make_rows(model, 2):
        for name in ("change", "history"):
            answer = staff.get(page_of(model, name, row.pk))
            assert answer.status_code == 200
            assert SECRET not in answer.content.decode()
            assert_inert(answer)
        assert staff.get(page_of(model, "delete", row.pk)).status_code in (200, 403)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_rows_that_do_not_exist_are_said_to_be_missing(model: type[models.Model], staff: Client) -> None:
    for key in ODD_KEYS:
        answer = staff.get(page_of(model, "change", "key").replace("/key/", f"/{key}/"))
        assert answer.status_code in (302, 404), key


CHANGEABLE = {"auth.User", "auth.Group"}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_only_people_and_their_groups_are_made_by_hand(model: type[models.Model], staff: Client) -> None:
    allowed = model._meta.label in CHANGEABLE
    assert staff.get(page_of(model, "add")).status_code == (200 if allowed else 403)


@pytest.mark.parametrize(
    "model",
    [model for model in REGISTERED if model._meta.label not in CHANGEABLE],
    ids=lambda model: model._meta.label,
)
def test_rows_are_neither_changed_nor_deleted_by_hand(model: type[models.Model], staff: Client) -> None:
    row = make_rows(model, 1)[0]
    assert staff.post(page_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert staff.post(page_of(model, "change", row.pk), {}).status_code == 403
    assert "delete_selected" not in staff.get(page_of(model, "changelist")).content.decode()
    assert model._default_manager.filter(pk=row.pk).exists()


def test_invoices_are_not_called_by_a_hundredfold_of_what_they_cost(staff: Client) -> None:
    """Stripe counts in cents."""
    invoice = make_rows(mirror.Invoice, 1)[0]
    page = staff.get(page_of(mirror.Invoice, "change", invoice.pk)).content.decode()
    assert "made_0 (paid)" in page
    assert "1,900" not in page


def test_a_workspace_leads_to_what_it_has(staff: Client, alice: Person) -> None:
    page = staff.get(page_of(Workspace, "change", alice.workspace.id)).content.decode()
    found = re.findall(r'href="(/admin/[^"]*\?workspace__id__exact=[^"]*)"', page)
    assert len(found) > 10
    for address in found:
        assert staff.get(unescape(address)).status_code == 200
    keys = staff.get(next(address for address in found if "apikey" in address)).content.decode()
    assert alice.key.key_prefix in keys
    assert page_of(Workspace, "change", alice.workspace.id) in keys
