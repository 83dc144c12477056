"""What can be rendered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Union

from framelane._call import jsonable
from framelane._generated import RenderRequest


class Buildable(Protocol):
    """Something that builds a scene, like `Timeline`."""

    def build(self) -> Mapping[str, Any]:
        """The scene as the API takes it."""
        ...


Scene = Union[Mapping[str, Any], RenderRequest, Buildable]


def body_of(scene: Scene) -> dict[str, Any]:
    """The body of a request for a render. Raises TypeError for what is no scene."""
    if isinstance(scene, (Mapping, RenderRequest)):
        body = jsonable(scene)
    elif callable(getattr(scene, "build", None)):
        body = jsonable(scene.build())
    else:
        raise TypeError(f"a {type(scene).__name__} is no scene: pass a dict, a RenderRequest or a Timeline")
    return dict(body)
