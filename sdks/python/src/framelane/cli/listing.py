"""What the commands show that only read: jobs, capabilities, usage."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from itertools import islice
from typing import Any

from framelane.cli.context import Context
from framelane.cli.failures import USAGE, CommandFailed
from framelane.cli.following import jobs_of
from framelane.cli.terminal import plain
from framelane.timeline import snapshot
from framelane.timeline.problems import nearest
from framelane.types import JobOut

_PAGE = 100


def jobs(context: Context) -> None:
    """`framelane jobs`."""
    options = context.options
    found = list(islice(_newest_first(context), None if options.all else options.limit))
    rows: list[tuple[str, ...]] = [("ID", "KIND", "STATUS", "%", "CREATED", "")]
    rows += [_row(context, job) for job in found]
    context.terminal.result(found, context.terminal.table(rows) if found else ["no jobs"])


def _newest_first(context: Context) -> Iterator[JobOut]:
    options, client = context.options, context.client
    size = min(_PAGE, max(options.limit, 1))
    wanted = "task" if options.type else options.kind
    lists: list[Any] = []
    if wanted in (None, "render"):
        lists.append(client.renders.list(status=options.status, limit=size))
    if wanted in (None, "task"):
        lists.append(client.tasks.list(type=options.type, status=options.status, limit=size))
    return heapq.merge(*lists, key=lambda job: job.created_at, reverse=True)


def _row(context: Context, job: JobOut) -> tuple[str, ...]:
    kind = (job.task_type or job.kind).replace("_", "-")
    cause = job.error.code if job.error else ""
    return job.id, kind, job.status, str(job.progress_percent), age(job.created_at), cause


def show(context: Context) -> None:
    """`framelane jobs show`."""
    job: JobOut = jobs_of(context, context.options.id).get(context.options.id)
    facts = plain(job)
    context.terminal.result(job, _facts({name: value for name, value in facts.items() if value not in (None, [], {})}))


def _facts(facts: Mapping[str, Any]) -> list[str]:
    """A line for each fact; what is nested follows as JSON."""
    width = max(map(len, facts), default=0)
    return [f"{name.ljust(width)}  {_fact(value)}" for name, value in facts.items()]


def _fact(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def age(since: datetime) -> str:
    """How long ago something was, for people."""
    seconds = max(0.0, (datetime.now(timezone.utc) - since).total_seconds())
    for unit, length_s in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length_s:
            return f"{seconds / length_s:.0f} {unit} ago"
    return f"{seconds:.0f} s ago"


def whoami(context: Context) -> None:
    """`framelane whoami`."""
    workspace = context.client.workspace.get()
    key = context.api_key or ""
    facts = {
        "server": context.base_url,
        "workspace": f"{workspace.name} ({workspace.id})",
        "email": workspace.email,
        "plan": workspace.plan,
        "api key": f"{key[:12]}…",
    }
    data = {**plain(workspace), "base_url": context.base_url, "api_key_prefix": key[:12]}
    context.terminal.result(data, _facts(facts))


def usage(context: Context) -> None:
    """`framelane usage`."""
    found = context.client.workspace.usage(context.options.period)
    limit = "no limit" if found.render_minutes_limit is None else f"{found.render_minutes_limit:g} included"
    facts = {
        "period": f"{found.period_start:%Y-%m-%d} up to {found.period_end:%Y-%m-%d}",
        "render minutes": f"{found.render_minutes:g} ({limit})",
        "renders": found.renders_count,
        "tasks": found.task_count,
        "bytes sent": found.egress_bytes,
    }
    context.terminal.result(found, _facts(facts))


def capabilities(context: Context) -> None:
    """`framelane capabilities`."""
    options = context.options
    document = plain(snapshot()) if options.local else plain(context.client.capabilities.get())
    if options.section is None:
        context.terminal.result(document, _facts({name: _summary(part) for name, part in document.items()}))
        return
    section = _named(document, options.section, "section")
    if options.name is None:
        context.terminal.result(section, _entries(section))
        return
    by_name = section if isinstance(section, dict) else {entry["type"]: entry for entry in section}
    found = _named(by_name, options.name, f"entry of {options.section}")
    shown = {key: value for key, value in found.items() if value is not None} if isinstance(found, dict) else found
    context.terminal.result(found, _facts(shown) if isinstance(shown, dict) else [_fact(shown)])


def _named(known: Mapping[str, Any], name: str, what: str) -> Any:
    wanted = name if name in known else name.replace("-", "_")
    if wanted not in known:
        hint = nearest(wanted, list(known)) or f"; there are {', '.join(known)}"
        raise CommandFailed(f"{name!r} is no {what}{hint}", code=USAGE)
    return known[wanted]


def _summary(part: Any) -> str:
    if isinstance(part, list):
        names = [str(entry["type"]) for entry in part]
        return f"{len(names)}: {', '.join(names[:6])}{', …' if len(names) > 6 else ''}"
    return ", ".join(part) if isinstance(part, dict) else str(part)


def _entries(section: Any) -> list[str]:
    """An entry a line: its name, and what there is to say about it."""
    if isinstance(section, dict):
        return _facts({name: _spec(value) for name, value in section.items()})
    if not isinstance(section, list):
        return [_fact(section)]
    return _facts({entry["type"]: _about(entry) for entry in section}) if section else ["none"]


def _about(entry: Mapping[str, Any]) -> str:
    if not entry.get("supported", True):
        return f"not supported: {entry.get('reason')}"
    told: str | None = entry.get("look") or entry.get("meaning") or entry.get("how")
    return told or _spec({name: value for name, value in entry.items() if name not in ("type", "supported", "reason")})


def _spec(value: Any) -> str:
    """The range and default of a field, in short."""
    if not isinstance(value, dict):
        return _fact(value)
    told = [str(value["type"])] if "type" in value else []
    for name, each in value.items():
        if name in ("type", "supported", "reason") or each in (None, [], {}):
            continue
        told.append(f"{name} {', '.join(map(str, each)) if isinstance(each, list) and _flat(each) else _short(each)}")
    return "; ".join(told)


def _flat(values: list[Any]) -> bool:
    return all(isinstance(value, (str, int, float)) for value in values)


def _short(value: Any) -> str:
    text = _fact(value)
    return text if len(text) <= 60 else ", ".join(value) if isinstance(value, dict) else text[:59] + "…"
