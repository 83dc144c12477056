"""POST /v1/signup, /v1/signup/verify and /v1/signup/resend."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api_keys.schemas import ApiKeyCreated
from apps.signup import services
from apps.signup.schemas import ResendOut, ResendRequest, SignupOut, SignupRequest, VerifyOut, VerifyRequest
from apps.workspaces.schemas import WorkspaceOut
from framelane.api.client_address import client_site
from framelane.api.errors import validation_error
from framelane.api.schema import answers, described
from framelane.api.views import ApiViewSet, respond
from gpu_tasks.timeline.problems import Problem

TOO_OFTEN = "Too many from this address or for this e-mail; Retry-After says how long to wait."
_WRONG_CODE = Problem(
    "/otp_code",
    "wrong_code",
    "the code is wrong, expired or used up; POST /v1/signup/resend mails a new one",
)


class SignupViewSet(ApiViewSet):
    """Public: who signs up has no key yet."""

    @extend_schema(
        operation_id="signup",
        tags=["signup"],
        summary="Sign up",
        description="Creates a workspace on the free plan with its first API key, and mails a code to the address. "
        "Until `POST /v1/signup/verify` has received that code, the key can read `GET /v1/workspace` and nothing else. "
        "The key's text is shown only here. Signing up again with an address that is not verified yet replaces its "
        "workspace. An address that has a verified workspace gets an answer like any other, with a key that does not "
        "work, and a mail that says so.",
        request=SignupRequest,
        responses={201: answers(SignupOut), 422: described("A field is missing or wrong."), 429: described(TOO_OFTEN)},
    )
    def create(self, request: Request) -> Response:
        body = self.body(SignupRequest)
        made = services.sign_up(name=body.workspace_name, email=body.email, client=client_site(request))
        out = SignupOut(
            workspace=WorkspaceOut.of(made.workspace),
            api_key=ApiKeyCreated.made(made.key, made.secret),
            verification="pending",
        )
        return respond(out, status=201)

    @extend_schema(
        operation_id="verify_signup",
        tags=["signup"],
        summary="Verify the e-mail address",
        description="Takes the code that was mailed. A code works once, for ten minutes and five tries. The answer to "
        "a code that does not work is the same for every address.",
        request=VerifyRequest,
        responses={200: answers(VerifyOut), 422: described("The code does not work, or a field is missing or wrong.")},
    )
    def verify(self, request: Request) -> Response:
        body = self.body(VerifyRequest)
        workspace = services.verify(email=body.email, code=body.otp_code)
        if workspace is None:
            raise validation_error([_WRONG_CODE])
        return respond(VerifyOut(workspace=WorkspaceOut.of(workspace)))

    @extend_schema(
        operation_id="resend_signup_code",
        tags=["signup"],
        summary="Mail a new code",
        description="Mails a new code, which replaces the former one, if the address waits to be verified. At most "
        "three times an hour. The answer is the same for every address.",
        request=ResendRequest,
        responses={202: answers(ResendOut), 422: described("A field is missing or wrong."), 429: described(TOO_OFTEN)},
    )
    def resend(self, request: Request) -> Response:
        body = self.body(ResendRequest)
        services.resend_code(email=body.email)
        return respond(ResendOut(verification="pending"), status=202)
