"""Entries of the catalogue: `type` and `supported`, and `reason` where something is not."""

from typing import Any

from gpu_tasks.timeline.catalogue import NOT_YET, is_supported, names


def entry(name: str, supported: bool, reason: str = NOT_YET, **facts: Any) -> dict[str, Any]:
    """One entry; `reason` is left out where it does not apply."""
    why = {} if supported else {"reason": reason}
    return {"type": name, "supported": supported, **why, **facts}


def section(registry: str, listed: tuple[str, ...] | None = None, **facts: Any) -> list[dict[str, Any]]:
    """The entries of one of the renderer's registries, in the contract's order."""
    return [entry(name, is_supported(registry, name), **facts) for name in listed or names(registry)]
