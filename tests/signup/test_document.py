"""What the document and the capabilities say of signing up is so."""

from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from pydantic import BaseModel
from rest_framework.test import APIClient

from apps.capabilities.onboarding import ways_in
from apps.signup.schemas import ResendRequest, SignupRequest, VerifyRequest
from framelane.api.openapi import build
from tests.mails import last_code
from tests.people import client_with
from tests.signup.conftest import resend, sign_up, verify

REQUESTS: list[type[BaseModel]] = [SignupRequest, VerifyRequest, ResendRequest]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build()


def example_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: field["example"] for name, field in schema["properties"].items()}


@pytest.mark.parametrize("model", REQUESTS, ids=lambda model: model.__name__)
def test_examples_of_requests_are_accepted(model: type[BaseModel], document: dict[str, Any]) -> None:
    schema = document["components"]["schemas"][model.__name__]
    example = example_of(schema)
    assert set(schema["required"]) == set(example)
    assert model.model_validate(example).model_dump() == example
    OAS31Validator(schema).validate(example)


def test_bounds_are_documented(document: dict[str, Any]) -> None:
    fields = document["components"]["schemas"]["SignupRequest"]["properties"]
    assert (fields["workspace_name"]["minLength"], fields["workspace_name"]["maxLength"]) == (1, 255)
    assert (fields["email"]["format"], fields["email"]["maxLength"]) == ("email", 254)
    code = document["components"]["schemas"]["VerifyRequest"]["properties"]["otp_code"]
    assert code["pattern"] == "^[0-9]{6}$"


@pytest.mark.django_db
def test_answers_are_the_documented_ones(document: dict[str, Any]) -> None:
    def check(response: Any, name: str) -> None:
        schema = {**document["components"]["schemas"][name], "components": document["components"]}
        OAS31Validator(schema).validate(response.json())

    check(sign_up(), "SignupOut")
    check(resend(), "ResendOut")
    check(verify(last_code()), "VerifyOut")


@pytest.mark.django_db
def test_the_steps_lead_to_a_key(anonymous: APIClient) -> None:
    """Exactly what the capabilities say, with the code of the mail in place of the one that they show."""
    [way] = [way for way in ways_in() if way["type"] == "signup"]
    assert way["supported"] is True
    join, prove, _ = way["steps"]
    secret = anonymous.post(join["path"], join["body"], format="json").json()["api_key"]["key"]
    body = {**prove["body"], "otp_code": last_code(prove["body"]["email"])}
    assert anonymous.post(prove["path"], body, format="json").status_code == 200
    assert client_with(secret).get("/v1/renders").status_code == 200


@pytest.mark.django_db
def test_every_step_can_be_sent_as_it_stands(anonymous: APIClient) -> None:
    [way] = [way for way in ways_in() if way["type"] == "signup"]
    statuses = [anonymous.post(step["path"], step["body"], format="json").status_code for step in way["steps"]]
    assert statuses == [201, 422, 202]
    assert [step["method"] for step in way["steps"]] == ["POST"] * 3
