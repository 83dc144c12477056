"""Every code of the linter and of a job's warnings: what it says, and what to do about it."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """A code. An `error` refuses the request; a `warning` does not, and `appears_in` says where it is told.

    `validation` is the answer to a request, or to its dry run; `job` is the list `warnings` of a job.
    """

    severity: Literal["error", "warning", "error or warning"]
    appears_in: tuple[Literal["validation", "job"], ...]
    meaning: str
    remedy: str


FINDINGS: Final[dict[str, Finding]] = {
    "DUPLICATE_ELEMENT_ID": Finding(
        "error or warning",
        ("validation", "job"),
        "Several elements have the same `id`. An error where a transition names it, else a warning.",
        "Give each element an `id` of its own.",
    ),
    "TRANSITION_SELF": Finding(
        "error",
        ("validation",),
        "`from_id` and `to_id` of a transition are the same element.",
        "Name two elements, or leave one of both out.",
    ),
    "DANGLING_TRANSITION": Finding(
        "error",
        ("validation",),
        "A transition names no element, or one that does not exist or cannot be seen.",
        "Set `from_id` and `to_id` to the `id` of videos, images or texts.",
    ),
    "EMPTY_TIMELINE": Finding(
        "warning",
        ("validation", "job"),
        "No element is visible: the film shows its background.",
        "Add elements, or set `visible`.",
    ),
    "ELEMENT_AFTER_END": Finding(
        "warning",
        ("validation", "job"),
        "An element begins when the film has ended.",
        "Make `duration` of the film longer, leave it out, or let the element begin earlier.",
    ),
    "WORD_OUTSIDE_ELEMENT": Finding(
        "warning",
        ("validation", "job"),
        "A word of captions is spoken before its element begins, or after it has ended.",
        "Times of words count from the beginning of the film; let the element last as long as its words.",
    ),
    "UNKNOWN_FIELD": Finding(
        "warning",
        ("validation",),
        "A field that does not exist; it is ignored.",
        "Look for a spelling mistake; the pages of the elements list every field.",
    ),
    "TRANSITION_GAP": Finding(
        "warning",
        ("job",),
        "Nothing is shown between both elements of a transition; the last frame of the first one is held until then.",
        "Let the second element begin when the first one ends.",
    ),
    "FONT_FALLBACK": Finding(
        "warning",
        ("job",),
        "A font is not there, or lacks a character; another one was used.",
        "Choose a family of the list of fonts whose scripts include that of the text.",
    ),
    "BACKGROUND_COLOR_UNUSED": Finding(
        "warning",
        ("job",),
        "`background_color` of a task was given, but `output` does not use it.",
        'Set `output` to `"color"`, or leave the colour out.',
    ),
    "REDUCED_DEPTH": Finding(
        "warning",
        ("job",),
        "The source of a task has more bits a sample than are worked with.",
        "Nothing, unless you grade the output afterwards; then keep the source for that.",
    ),
    "PROVIDER_NOTE": Finding(
        "warning",
        ("job",),
        "Whoever transcribes had something to say about the job, such as a language that it is not sure of.",
        "Read the message.",
    ),
    "TASK_WARNING": Finding(
        "warning",
        ("job",),
        "A task did not do all that was asked, such as with frames in which no face was found.",
        "Read the message.",
    ),
    "RENDER_WARNING": Finding(
        "warning",
        ("job",),
        "A render did not do all that was asked, in a way that has no code of its own.",
        "Read the message.",
    ),
    "OUTPUT_GONE": Finding(
        "warning",
        ("job",),
        "The output was deleted after its retention; the job itself is kept.",
        "Render again, and keep a copy of what you need for longer.",
    ),
}
