"""The same timeline in words, for those who do not see the picture."""

from dataclasses import dataclass

from apps.console.jobs.film.labels import label_of
from apps.console.jobs.film.spans import Film, Span
from apps.console.jobs.film.ticks import clock_text
from gpu_tasks.timeline.request import Element


@dataclass(frozen=True, slots=True)
class Line:
    """An element with its times in words; `note` says what is special about it."""

    kind: str
    label: str
    start: str
    stop: str
    note: str


def lines_of(film: Film) -> list[Line]:
    """What is in the film in the order in which it begins, then what is not."""
    spans = sorted((*film.visuals, *film.sounds), key=lambda span: (span.start_s, span.index))
    lines = [_line(span) for span in spans]
    lines += [_missing(element, "begins after the end of the film") for element in film.late]
    return lines + [_missing(element, "hidden") for element in film.hidden]


def _line(span: Span) -> Line:
    stop = "end of its source" if span.is_open else clock_text(float(span.stop_s), 0.01)
    note = "cut by the end of the film" if span.is_cut else ""
    return Line(span.element.type, label_of(span.element), clock_text(float(span.start_s), 0.01), stop, note)


def _missing(element: Element, why: str) -> Line:
    return Line(element.type, label_of(element), clock_text(float(element.time), 0.01), "–", why)
