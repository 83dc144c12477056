"""What the Python SDK knows of the platform without asking is what the platform says, wherever it runs."""

import json

from rest_framework.test import APIClient

from scripts.sdk_capabilities import KEPT, SNAPSHOT, files_of


def test_the_snapshot_and_the_types_are_up_to_date() -> None:
    document = APIClient().get("/v1/capabilities").json()
    for path, text in files_of(document).items():
        assert path.read_text("utf-8") == text, f"{path.name}: run python -m scripts.sdk_capabilities"


def test_the_snapshot_holds_nothing_that_installations_differ_in() -> None:
    snapshot = json.loads(SNAPSHOT.read_text("utf-8"))
    assert snapshot.keys() == {*KEPT, "tasks"}
    assert all(task["supported"] and "models" not in task for task in snapshot["tasks"])
