"""The document names the calls that we make, and their body is what really arrives."""

from typing import Any

import pytest

from apps.events.services import relay_due
from apps.events.types import EVENT_TYPES
from apps.webhooks.openapi import WebhookEvent
from framelane.api.openapi import build
from tests.people import Person
from tests.webhooks.conftest import Listen, send_all, submitted
from tests.webhooks.receivers import Receiver


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build()


def test_every_event_is_named(document: dict[str, Any]) -> None:
    assert set(document["webhooks"]) == set(EVENT_TYPES)


def test_the_body_is_a_component_made_of_components(document: dict[str, Any]) -> None:
    components = document["components"]["schemas"]
    assert set(components["WebhookEvent"]["properties"]) == set(WebhookEvent.model_fields)
    assert components["WebhookJob"]["properties"]["job"]["$ref"] == "#/components/schemas/JobOut"
    assert "$defs" not in components["WebhookEvent"]


def test_what_arrives_is_as_documented(alice: Person, receiver: Receiver, listen: Listen) -> None:
    listen()
    submitted(alice)
    relay_due()
    send_all()
    sent = receiver.calls[0].json
    assert WebhookEvent.model_validate(sent).model_dump(mode="json") == sent
