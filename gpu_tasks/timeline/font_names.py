"""Font families as requests name them."""

from gpu_tasks.timeline.request import RenderRequest, TextElement


def normal(name: str) -> str:
    """What counts of a family's name: case, spaces and hyphens are free."""
    return "".join(character for character in name.casefold() if character.isalnum())


def wanted_families(request: RenderRequest) -> set[str]:
    """The normal names of all families that a request's texts name; a text may list several, separated by commas."""
    texts = (element for element in request.elements if isinstance(element, TextElement))
    return {normal(part) for text in texts for part in text.font_family.split(",")} - {""}
