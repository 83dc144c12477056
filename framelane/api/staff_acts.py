"""What the staff may do to rows: each act asks first, wants a reason where one matters, and is on the record.

An act is offered in the list of its model, for many rows, and on the page of a row that it can be done to. Both lead to
the same question; only its answer does anything.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from framelane.api.staff_log import recorder

MAX_ROWS: Final = 200
"""One answer does at most that many: each is a transaction, and somebody waits for the page."""
MAX_REASON: Final = 500
CONFIRMED: Final = "confirmed"

Changes = dict[str, Any] | None
Run = Callable[[HttpRequest, Any, dict[str, Any]], Changes]


class ActRefused(Exception):
    """The act cannot be done to this row. The text says why."""


class Confirmation(forms.Form):
    """Nothing but the button."""


class Reasoned(forms.Form):
    """Why it is done, for the audit log."""

    reason = forms.CharField(
        max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 2}), help_text="It stays in the audit log."
    )


def always(row: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done to a row by whoever has `permission` (`app.codename`).

    `run` does it through a service and returns what changed beside the columns in `watched`, whose values before and
    after go into the log as `action`. It raises ActRefused, or one of `refusals`. `goes_to` is a path to be led to
    afterwards. An act that `records_itself` is left to.
    """

    name: str
    label: str
    action: str
    permission: str
    question: str
    run: Run
    form: type[forms.Form] = Reasoned
    can: Callable[[Any], bool] = always
    watched: tuple[str, ...] = ()
    refusals: tuple[type[Exception], ...] = ()
    is_dangerous: bool = False
    is_for_one: bool = False
    records_itself: bool = False
    goes_to: str = ""
    done: str = "done"


@dataclass(slots=True)
class _Outcome:
    done: list[Model] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


_offered: dict[type[Model], list[Act]] = {}


def offer(model: type[Model], *acts: Act) -> None:
    """Offer acts on the pages of a model, which may be one of an application below. Offering one again changes it."""
    known = _offered.setdefault(model, [])
    names = {act.name for act in acts}
    known[:] = [act for act in known if act.name not in names] + [*acts]


def acts_of(model: type[Model]) -> list[Act]:
    return _offered.get(model, [])


class Acting(ModelAdmin[Any]):
    """The pages of a model with the acts that are offered for it."""

    actions: Any = []
    change_form_template = "admin/staff_change_form.html"

    def get_actions(self, request: HttpRequest) -> Any:
        found: dict[str, Any] = super().get_actions(request)
        for act in self._permitted(request):
            found[act.name] = (_answering(act), act.name, act.label)
        return found

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        row = kwargs.get("obj")
        buttons = [act for act in self._permitted(request) if act.can(row)] if row is not None else []
        return super().render_change_form(request, {**context, "staff_acts": buttons}, *args, **kwargs)

    def _permitted(self, request: HttpRequest) -> list[Act]:
        return [act for act in acts_of(self.model) if request.user.has_perm(act.permission)]


def _answering(act: Act) -> Callable[[Acting, HttpRequest, QuerySet[Any]], HttpResponse | None]:
    def answer(page: Acting, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        return _answer(act, page, request, rows)

    return answer


def _answer(act: Act, page: Acting, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
    chosen = list(rows[: MAX_ROWS + 1])
    most = 1 if act.is_for_one else MAX_ROWS
    if len(chosen) > most:
        page.message_user(request, f"Choose at most {most} for this.", messages.ERROR)
        return None
    form = act.form(request.POST if CONFIRMED in request.POST else None)
    if not form.is_valid():
        return _question(act, page, request, chosen, form)
    outcome = _do(act, request, chosen, form.cleaned_data)
    _tell(act, page, request, outcome)
    return redirect(act.goes_to) if act.goes_to and outcome.done else None


def _question(act: Act, page: Acting, request: HttpRequest, rows: Iterable[Any], form: forms.Form) -> TemplateResponse:
    context = {
        **page.admin_site.each_context(request),
        "title": act.label,
        "act": act,
        "opts": page.opts,
        "rows": rows,
        "form": form,
        "checkbox": ACTION_CHECKBOX_NAME,
        "confirmed": CONFIRMED,
    }
    return TemplateResponse(request, "admin/staff_act.html", context)


def _do(act: Act, request: HttpRequest, rows: Iterable[Any], answers: dict[str, Any]) -> _Outcome:
    outcome = _Outcome()
    for row in rows:
        try:
            with transaction.atomic():
                _do_one(act, request, row, answers)
        except _all_of(act) as why:
            outcome.refused.append(f"Not done to {row}: {why}")
        else:
            outcome.done.append(row)
    return outcome


def _all_of(act: Act) -> tuple[type[Exception], ...]:
    return (ActRefused, *act.refusals)


def _do_one(act: Act, request: HttpRequest, row: Any, answers: dict[str, Any]) -> None:
    if not act.can(row):
        raise ActRefused("this cannot be done in its present state.")
    before = _values(row, act.watched)
    more = act.run(request, row, answers) or {}
    if act.records_itself:
        return
    changes = {**_difference(act, row, before), **more}
    recorder()(request=request, action=act.action, obj=row, changes=changes, reason=answers.get("reason", ""))


def _difference(act: Act, row: Any, before: dict[str, Any]) -> dict[str, Any]:
    if not act.watched:
        return {}
    row.refresh_from_db(fields=[*act.watched])
    after = _values(row, act.watched)
    return {name: [before[name], after[name]] for name in act.watched if before[name] != after[name]}


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _tell(act: Act, page: Acting, request: HttpRequest, outcome: _Outcome) -> None:
    for why in outcome.refused[:10]:
        page.message_user(request, why, messages.ERROR)
    if count := len(outcome.done):
        what = page.opts.verbose_name if count == 1 else page.opts.verbose_name_plural
        page.message_user(request, f"{act.label}: {count} {what} {act.done}.", messages.SUCCESS)
