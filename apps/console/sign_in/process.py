"""A sign-in on its way: in the session of a browser, from the address to the code. Built on allauth's sign-in by code.

Unlike there, nobody is looked up before the code is right, and the session holds only a keyed hash of it.
"""

import enum
from datetime import UTC, datetime
from typing import Any, Final, Self

from allauth.account import app_settings
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.http import HttpRequest, HttpResponse

from apps.console import lifetime
from apps.signup import sign_in
from apps.signup.sign_in import SentCode
from framelane.api.client_address import client_site
from framelane.lib import clock

RESEND_PAUSE_S: Final = 30
"""Between two mails: about as long as one takes to arrive."""


class Outcome(enum.Enum):
    """What entering a code has come to."""

    RIGHT = enum.auto()
    WRONG = enum.auto()
    OVER = enum.auto()
    """This code will not do any more, whatever is entered: its time or its tries are over."""


class LockedOut(Exception):
    """The operator has locked this person out."""


class SignIn(LoginCodeVerificationProcess):  # type: ignore[misc]
    """`state` is kept in the session: the address, what is needed to check the code, and what the person came for."""

    request: HttpRequest
    state: dict[str, Any]

    @classmethod
    def begin(
        cls, request: HttpRequest, *, email: str, redirect_url: str | None = None, workspace_name: str | None = None
    ) -> Self:
        """Mail a code to a normalised address; with a workspace's name also to one that is new. Raises ApiError 429."""
        login = Login(email=email, redirect_url=redirect_url, signup=workspace_name is not None)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=None, email=email))
        stage.state.update(initiated_by_user=True, workspace_name=workspace_name)
        process = cls(stage)
        process.send()
        process.persist()
        # Whoever asks for codes all day must not leave a session of two weeks behind each time.
        request.session.set_expiry(app_settings.LOGIN_TIMEOUT)
        return process

    @classmethod
    def resume(cls, request: HttpRequest) -> Self | None:
        """The sign-in that this browser has begun; None without one, or when that was an hour ago."""
        stage = LoginStageController.enter(request, LoginByCodeStage.key)
        return cls(stage) if stage is not None else None

    @property
    def email(self) -> str:
        return str(self.state["email"])

    @property
    def workspace_name(self) -> str | None:
        """What somebody who signs up calls their workspace; None for who signs in."""
        name: str | None = self.state["workspace_name"]
        return name

    @property
    def tries_left(self) -> int:
        return max(0, sign_in.MAX_TRIES - int(self.state["failed_attempts"]))

    @property
    def wait_s(self) -> int:
        """How many seconds have to pass before another mail."""
        return max(0, RESEND_PAUSE_S - int(clock.now().timestamp() - self.state["sent_at"]))

    def send(self, skip_enumeration_mails: bool = False) -> None:
        """Mail a code, which replaces the former one. Raises ApiError 429."""
        sent = sign_in.send_code(
            email=self.email, client=client_site(self.request), may_be_new=self.workspace_name is not None
        )
        self.state.update(salt=sent.salt, seal=sent.seal, expires_at=sent.expires_at.timestamp())
        self.state.update(sent_at=clock.now().timestamp(), failed_attempts=0)

    def resend(self) -> None:
        """As `send`, from a page that is open already."""
        self.send()
        self.record_resend()
        self.persist()

    def enter(self, code: str) -> Outcome:
        """Try a code of six digits."""
        if not self.tries_left or not self.is_valid():
            return Outcome.OVER
        if sign_in.opens(self._sent(), code, email=self.email):
            return Outcome.RIGHT
        self.state["failed_attempts"] += 1
        self.persist()
        return Outcome.WRONG if self.tries_left else Outcome.OVER

    def is_valid(self) -> bool:
        """Whether the time of the code is not over."""
        return bool(clock.now().timestamp() < self.state["expires_at"])

    def _sent(self) -> SentCode:
        return SentCode(self.state["salt"], self.state["seal"], datetime.fromtimestamp(self.state["expires_at"], UTC))

    def finish(self, redirect_url: str | None = None) -> HttpResponse:
        """Sign the person in, after the right code; the answer leads to where they wanted to go.

        Raises LockedOut; ApiError 429.
        """
        clear_login(self.request)
        self.request.session.set_expiry(None)
        user = sign_in.enter(email=self.email)
        if not user.is_active:
            raise LockedOut
        record_authentication(self.request, user, method="code", email=self.email)
        login = Login(user=user, redirect_url=redirect_url or self.stage.login.redirect_url, email=self.email)
        response: HttpResponse = perform_login(self.request, login)
        lifetime.prolong(self.request)
        return response
