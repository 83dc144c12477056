"""One page of a list."""

from __future__ import annotations

from typing import Generic, Optional, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")

PAGE_SIZE = 100


class Page(BaseModel, Generic[T]):
    """One page of a list, newest first."""

    model_config = ConfigDict(extra="allow")

    data: list[T]
    next_cursor: Optional[str] = None  # noqa: UP045 - evaluated, also by Python 3.9
    has_more: bool = False
