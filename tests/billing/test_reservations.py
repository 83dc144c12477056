"""Minutes that are set aside: taken, corrected, given back, and never more than there are."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from apps.billing import reservations
from apps.billing.models import Reservation
from apps.billing.quota import Unaffordable
from apps.billing.selectors import allowance_of
from apps.jobs.models import Job
from apps.workspaces.models import Workspace
from framelane.api.errors import ApiError
from tests.people import Person, make_person


@pytest.fixture
def charlie(db: None) -> Person:
    return make_person("Charlie", plan="free")


def reserve(person: Person, job_id: str, output_s: str) -> None:
    reservations.reserve(workspace_id=person.workspace.id, job_id=job_id, output_s=Decimal(output_s))


def resize(person: Person, job_id: str, output_s: str) -> None:
    reservations.resize(workspace_id=person.workspace.id, job_id=job_id, output_s=Decimal(output_s))


def reserved() -> dict[str, Decimal]:
    return dict(Reservation.objects.values_list("job_id", "output_s"))


def test_takes_up_to_the_last_second(charlie: Person) -> None:
    reserve(charlie, "render_1", "1499.5")
    reserve(charlie, "render_2", "0.5")
    with pytest.raises(ApiError, match="25 render-minutes"):
        reserve(charlie, "render_3", "0.001")
    assert allowance_of(charlie.workspace).left_s == 0


def test_takes_nothing_for_what_has_no_length(charlie: Person) -> None:
    reserve(charlie, "render_1", "1500")
    reserve(charlie, "render_2", "0")
    assert reserved() == {"render_1": Decimal(1500), "render_2": Decimal(0)}


def test_a_job_reserves_once(charlie: Person) -> None:
    reserve(charlie, "render_1", "1")
    with pytest.raises(IntegrityError):
        reserve(charlie, "render_1", "1")


def test_goes_by_the_plan_of_the_moment(charlie: Person) -> None:
    """What the caller read a while ago does not count."""
    Workspace.objects.filter(id=charlie.workspace.id).update(plan="pro")
    reserve(charlie, "render_1", "90000")


def test_takes_nothing_for_a_workspace_that_is_read_only(charlie: Person) -> None:
    Workspace.objects.filter(id=charlie.workspace.id).update(plan_status="cancelled")
    with pytest.raises(ApiError, match="not paid"):
        reserve(charlie, "render_1", "0")
    assert reserved() == {}


def test_grows_into_what_is_left(charlie: Person) -> None:
    reserve(charlie, "render_1", "60")
    reserve(charlie, "render_2", "1400")
    resize(charlie, "render_1", "100")
    assert reserved()["render_1"] == Decimal(100)


def test_does_not_grow_beyond_it(charlie: Person) -> None:
    reserve(charlie, "render_1", "60")
    reserve(charlie, "render_2", "1400")
    with pytest.raises(Unaffordable) as refused:
        resize(charlie, "render_1", "100.001")
    assert refused.value.left_s == Decimal(100)
    assert reserved()["render_1"] == Decimal(60)


def test_shrinks_for_others(charlie: Person) -> None:
    reserve(charlie, "render_1", "1500")
    resize(charlie, "render_1", "10")
    reserve(charlie, "render_2", "1490")


def test_shrinks_also_above_the_limit(charlie: Person) -> None:
    """The plan was a larger one when the job was submitted."""
    Reservation.objects.create(workspace=charlie.workspace, job_id="render_1", output_s=Decimal(2000))
    resize(charlie, "render_1", "1900")
    assert reserved() == {"render_1": Decimal(1900)}


def test_a_job_from_before_there_were_reservations_gets_one(charlie: Person) -> None:
    resize(charlie, "render_1", "30")
    assert reserved() == {"render_1": Decimal(30)}


def test_gives_back_once(charlie: Person) -> None:
    reserve(charlie, "render_1", "30")
    assert reservations.release(job_id="render_1")
    assert not reservations.release(job_id="render_1")
    assert reserved() == {}


def test_gives_back_what_nobody_will_use(charlie: Person) -> None:
    reserve(charlie, "render_1", "30")
    assert reservations.release_all_but(Job.objects.values("id")) == 1
    assert reserved() == {}
