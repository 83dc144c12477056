"""Whatever is wrong with a request, the answer points at exactly that place and says what kind of mistake it is."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpu_tasks.timeline.lint import InvalidRequest, parse_render
from tests.property.mistakes import Mistake, all_mistakes, full_requests

MISTAKES_TRIED = 250
"""Of the more than a thousand that a request offers."""


def refusal_of(mistake: Mistake, request: dict[str, Any]) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        parse_render(mistake.in_request(request))
    return caught.value


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(request=full_requests(), random=st.randoms(use_true_random=False))
def test_a_mistake_is_refused_where_it_stands(request: dict[str, Any], random: Any) -> None:
    parse_render(request)
    found = all_mistakes(request)
    for mistake in random.sample(found, MISTAKES_TRIED):
        refusal = refusal_of(mistake, request)
        assert {problem.path for problem in refusal.problems} == {mistake.pointer}, (mistake, refusal.problems)
        assert {problem.code for problem in refusal.problems} <= mistake.codes, (mistake, refusal.problems)
        assert refusal.code == mistake.answer
        assert all(problem.message for problem in refusal.problems)
