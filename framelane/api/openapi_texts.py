"""What the OpenAPI document says in prose."""

INTRODUCTION = """\
One JSON request describes a whole film; the answer is a finished video file. The same interface runs media tasks.

### Keys

Every call below a workspace carries its key: `Authorization: Bearer fl_live_...`.
The session token of a person works in its place, once `POST /v1/auth/sync` has seen it; who belongs to several
workspaces chooses one by the header `Framelane-Workspace: ws_...`.

### From request to file

1. Name your media by public URLs, or ask `POST /v1/uploads` for a place to `PUT` a file.
2. Send the composition to `POST /v1/renders`, or a single operation to `POST /v1/tasks/{type}`.
3. Wait: read the job (`?wait=25` holds the line until it has ended) or receive webhooks. Jobs end `completed`,
   `failed` or `cancelled`.
4. Fetch the file: `GET /v1/renders/{id}/download` leads to a signed address that works for a short while.

### What this installation can do

`GET /v1/capabilities` needs no key. It lists every element, motion, transition, effect, format and task parameter with
its range, and says which of them this version supports. What is not supported is refused with `422`, never ignored.

### Sending a request twice

A `POST` that creates something takes an `Idempotency-Key`. Sent again with the same body it answers `200` with the
object of the first time; with another body it answers `409`.

### Errors

All have one shape: `{"error": {"code", "message", "details"}}`. Decide by `code`; `message` is for people. A `422`
lists in `details.fields` each place by its JSON pointer.

### Rate limits

Every answer carries `RateLimit-Limit` (requests a minute), `RateLimit-Remaining` and `RateLimit-Reset` (seconds). All
keys of a workspace share the limit of its plan; public requests are counted by address. Above it the answer is `429`
with `Retry-After` in seconds.
"""

TAGS = [
    {"name": "capabilities", "description": "What this installation supports, with every range and limit."},
    {"name": "renders", "description": "Films from a declarative timeline."},
    {"name": "tasks", "description": "Single operations on one media file."},
    {"name": "uploads", "description": "Places to put source files."},
    {"name": "webhooks", "description": "Signed calls to your server when something happens."},
    {"name": "workspace", "description": "The workspace, its usage and its assets."},
    {"name": "api-keys", "description": "Making and revoking keys."},
    {"name": "auth", "description": "Sessions of the console."},
    {"name": "signup", "description": "New workspaces and the proof of their e-mail address."},
    {"name": "billing", "description": "Plans, subscription and invoices."},
    {"name": "system", "description": "Probes for operators."},
    {"name": "imports", "description": "Files fetched from addresses on the web."},
    {"name": "assets", "description": "The media of the workspace."},
]
