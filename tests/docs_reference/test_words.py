"""Every code has words: what it means, and what to do about it."""

import re

from apps.docs.reference.plans import LIMITS
from apps.jobs.remedies import REMEDIES
from apps.jobs.schemas import ErrorCode
from framelane.api.error_codes import ERROR_CODES
from gpu_tasks.engine.easing import ease
from gpu_tasks.timeline.catalogue import catalogue, names
from gpu_tasks.timeline.described import BLEND_MODES, CAPTION_STYLES, FITS, MARKED_BY_COLOUR, OUTPUT_FORMATS
from gpu_tasks.timeline.easings import CONTROL_POINTS, LOOKS
from gpu_tasks.timeline.findings import FINDINGS
from scripts.processes import ROOT
from tests.docs_reference.read import first_cells, pages

CODE = re.compile(r'"([A-Z]{3,}(?:_[A-Z]+)+)(?::[^"]*)?"')
"""A code as the linter writes it, or before the text of a warning."""
TOLD_BY = (
    *(ROOT / "gpu_tasks" / "timeline").glob("*.py"),
    *(ROOT / "gpu_tasks" / "runners").glob("*.py"),
    *(ROOT / "gpu_tasks" / "engine" / "text").glob("*.py"),
    *(ROOT / "gpu_tasks" / "media").glob("rewrite*.py"),
    ROOT / "apps" / "jobs" / "schemas.py",
)
OTHERS = re.compile(r"CUDA_|NVIDIA_|FRAMELANE_|MALLOC_|OMP_|OPENBLAS_|MKL_|PYTHON|XDG_|LD_")
"""Names in capitals that are no codes: variables of processes."""


def _is_sentence(text: str) -> bool:
    return (text[0].isupper() or text[0] == "`") and text.endswith(".") and len(text) > 10


def test_every_error_code_has_statuses_a_meaning_and_a_remedy() -> None:
    for code, facts in ERROR_CODES.items():
        assert facts.statuses, code
        assert all(400 <= status < 600 for status in facts.statuses), code
        assert all(map(_is_sentence, (facts.meaning, facts.remedy))), code
    assert first_cells(pages()["errors"].markdown) == list(ERROR_CODES)


def test_every_error_of_jobs_has_a_meaning_and_a_remedy() -> None:
    assert list(REMEDIES) == list(ErrorCode) == list(names("job_error_codes"))
    assert all(_is_sentence(code.description) and _is_sentence(REMEDIES[code]) for code in ErrorCode)
    assert first_cells(pages()["job-errors"].markdown) == [code.value for code in ErrorCode]


def test_every_finding_that_the_code_can_tell_is_known_and_no_other() -> None:
    told = {code for path in TOLD_BY if path.name != "findings.py" for code in CODE.findall(path.read_text("utf-8"))}
    assert {code for code in told if not OTHERS.match(code)} == set(FINDINGS)
    assert all(_is_sentence(facts.meaning) and _is_sentence(facts.remedy) for facts in FINDINGS.values())
    assert first_cells(pages()["warnings"].markdown) == list(FINDINGS)


def test_a_check_of_a_request_tells_what_the_linter_finds() -> None:
    found = {*CODE.findall((ROOT / "gpu_tasks" / "timeline" / "lint.py").read_text("utf-8"))}
    assert {code for code, facts in FINDINGS.items() if "validation" in facts.appears_in} == found
    refusals = {code for code, facts in FINDINGS.items() if facts.severity == "error"}
    assert refusals == {code for code, facts in FINDINGS.items() if "job" not in facts.appears_in} - {"UNKNOWN_FIELD"}


def test_names_without_a_registry_of_the_engine_have_words_too() -> None:
    assert tuple(BLEND_MODES) == names("blend_modes")
    assert tuple(CAPTION_STYLES) == names("word_animation_styles")
    assert set(OUTPUT_FORMATS) == set(names("output_formats"))
    assert set(CAPTION_STYLES) > MARKED_BY_COLOUR
    assert tuple(LOOKS) == tuple(CONTROL_POINTS) == names("easings")
    assert all(map(_is_sentence, [*BLEND_MODES.values(), *CAPTION_STYLES.values(), *FITS.values(), *LOOKS.values()]))


def test_easings_are_fast_where_their_words_say() -> None:
    assert ease("linear", 0.25) == 0.25
    assert ease("ease_in", 0.25) < 0.25 < ease("ease_out", 0.25)
    assert ease("ease_in_out", 0.25) < 0.25
    assert ease("ease_in_out", 0.75) > 0.75


def test_every_limit_has_its_meaning() -> None:
    assert set(catalogue()["limits"]) <= set(LIMITS)
