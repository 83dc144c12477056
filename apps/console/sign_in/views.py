"""Signing in, up and out."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from allauth.account.internal.flows.logout import logout
from django.contrib import messages
from django.contrib.auth.models import User
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from apps.console import impersonation
from apps.console.pages import READING, Refused, refused, show
from apps.console.sign_in.forms import CodeForm, SignInForm, SignUpForm
from apps.console.sign_in.process import LockedOut, Outcome, SignIn
from apps.console.sign_in.ways import NEXT, wanted_page
from apps.console.sign_in.welcome import set_up
from apps.workspaces import sessions
from framelane.api.errors import ApiError
from gpu_tasks.timeline.catalogue import limit

View = Callable[[HttpRequest], HttpResponse]
F = TypeVar("F", bound=Form)


def open_page(*methods: str) -> Callable[[View], View]:
    """A page for everybody, for these methods. The view raises Refused or ApiError."""

    def decorate(view: View) -> View:
        @never_cache
        @wraps(view)
        def answer(request: HttpRequest) -> HttpResponse:
            try:
                if request.method not in (*methods, *(("HEAD",) if "GET" in methods else ())):
                    message = f"{request.method} is not possible here."
                    raise Refused(405, message, {"Allow": ", ".join(methods)})
                return view(request)
            except (Refused, ApiError) as refusal:
                return refused(request, refusal)

        return answer

    return decorate


@open_page("GET", "POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    """An address, to which a code is mailed."""
    return _asked(request, SignInForm, "console/sign_in/sign_in.html")


@open_page("GET", "POST")
def sign_up(request: HttpRequest) -> HttpResponse:
    """The same for somebody new, whose workspace is made once the code is right."""
    return _asked(request, SignUpForm, "console/sign_in/sign_up.html")


def _asked(request: HttpRequest, kind: type[F], template: str) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(wanted_page(request) or "console:dashboard")
    form = kind(request.POST if request.method == "POST" else None)
    facts: dict[str, Any] = {"form": form, "next": wanted_page(request) or "", "next_name": NEXT}
    if request.method in READING:
        return show(request, template, facts)
    if not form.is_valid():
        return show(request, template, facts, status=422)
    try:
        SignIn.begin(request, redirect_url=wanted_page(request), **form.cleaned_data)
    except ApiError as refusal:
        return _too_often(request, template, facts, refusal)
    return redirect("console:sign-in-code")


@open_page("GET", "POST")
def code(request: HttpRequest) -> HttpResponse:
    """The code of the mail."""
    process = _under_way(request)
    if process is None:
        return redirect("console:sign-in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method in READING:
        return _code_page(request, process, form)
    if not form.is_valid():
        return _code_page(request, process, form, status=422)
    match process.enter(form.cleaned_data["code"]):
        case Outcome.RIGHT:
            return _in(request, process)
        case Outcome.WRONG:
            form.add_error("code", f"That is not the code. {_tries(process.tries_left)}")
        case Outcome.OVER:
            form.add_error("code", "This code works no more. Ask for a new one below.")
    return _code_page(request, process, form, status=422)


def _tries(count: int) -> str:
    return "You have 1 try left." if count == 1 else f"You have {count} tries left."


@open_page("POST")
def resend(request: HttpRequest) -> HttpResponse:
    """Another mail, after a pause."""
    process = _under_way(request)
    if process is None:
        return redirect("console:sign-in")
    if process.wait_s:
        messages.warning(request, f"The last mail is still on its way. Ask again in {process.wait_s} seconds.")
        return redirect("console:sign-in-code")
    try:
        process.resend()
    except ApiError as refusal:
        return _too_often(request, "console/sign_in/code.html", _code_facts(process, CodeForm()), refusal)
    messages.success(request, "A new mail is on its way. Earlier codes work no more.")
    return redirect("console:sign-in-code")


def _under_way(request: HttpRequest) -> SignIn | None:
    """The sign-in that this browser has begun. Says so when there is none."""
    if request.user.is_authenticated:
        return None
    process = SignIn.resume(request)
    if process is None:
        messages.warning(request, "Enter your address first; a sign-in is kept open for an hour.")
    return process


def _code_facts(process: SignIn, form: CodeForm) -> dict[str, Any]:
    facts = {"form": form, "email": process.email, "is_sign_up": process.workspace_name is not None}
    return {**facts, "wait_s": process.wait_s, "digits": limit("otp_digits")}


def _code_page(request: HttpRequest, process: SignIn, form: CodeForm, status: int = 200) -> HttpResponse:
    return show(request, "console/sign_in/code.html", _code_facts(process, form), status=status)


def _too_often(request: HttpRequest, template: str, facts: dict[str, Any], refusal: ApiError) -> HttpResponse:
    """The page again, with its form, and in how many minutes it works again."""
    minutes = max(1, -(-int(refusal.headers["Retry-After"]) // 60))
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    message = f"Too many mails were asked for. Try again in {wait}."
    response = show(request, template, {**facts, "message": message}, status=refusal.status)
    response.headers["Retry-After"] = refusal.headers["Retry-After"]
    return response


def _in(request: HttpRequest, process: SignIn) -> HttpResponse:
    try:
        response = process.finish()
    except LockedOut:
        message = "This account has been locked. Ask whoever runs this Framelane."
        return refused(request, Refused(403, message))
    if process.workspace_name is not None:
        set_up(request, process.workspace_name)
    return response


@open_page("POST")
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session ends, here and on the server."""
    impersonation.end(request, cause="signed out")
    logout(request, show_message=False)
    messages.success(request, "You have signed out.")
    response = redirect("console:sign-in")
    # Drafts and the addresses of uploads are nothing for whoever uses this browser next (W3C, Clear Site Data).
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@open_page("POST")
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Every session of the person ends, on all their devices."""
    if isinstance(request.user, User):
        sessions.sign_out(user=request.user)
    return sign_out(request)
