"""What the command takes."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from framelane._version import __version__
from framelane.cli import account, commands, completion, listening, listing
from framelane.cli.context import Context
from framelane.cli.failures import MEANINGS

Run = Callable[[Context], None]
_STATUSES = ("ingesting", "queued", "processing", "completed", "failed", "cancelled")
_TASKS = ("super-resolution", "remove-background", "gaze-redirect", "transcribe")
_CODES = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in MEANINGS)

_MAIN = """\
Make videos from JSON with a Framelane server.

  framelane signup                                   get a workspace and its key
  framelane render scene.json -o film.mp4            local media are uploaded first
  framelane task super-resolution clip.mp4 --scale 2 -o large.mp4
  framelane jobs --status failed

Results go to stdout, everything else to stderr. With --json results are JSON, and errors one line of JSON on stderr."""

_MAIN_END = f"""\
environment:
  FRAMELANE_BASE_URL   the server, unless --base-url says it (default: the last login's, else http://localhost:8000)
  FRAMELANE_API_KEY    the API key, unless one is kept by `framelane login`
  FRAMELANE_CONFIG     where keys are kept (default: framelane/config.json below XDG_CONFIG_HOME or ~/.config)
  NO_COLOR             no colours

exit codes:
{_CODES}
"""

_RENDER = """\
Render a scene, follow it to its end, and download the film.

Sources that are files of this machine (clip.mp4, file:///home/ada/clip.mp4) are uploaded first; they are relative to
the scene's folder, for stdin to the working directory. The scene is checked before anything is uploaded. Without
--output the film's address is printed; it works for a while.

{{name}} in a scene's texts is replaced by --var name=value. Alone in its string it becomes a number, true, false or
null where the value is one.

Ctrl-C cancels the render; once more leaves it running."""

_RENDER_END = """\
examples:
  framelane render scene.json -o film.mp4
  framelane render card.json --var title="Hello, Ada" --var seconds=3 -o card.mp4
  jq '.width = 640 | .height = 360' scene.json | framelane render - -o small.mp4
  id=$(framelane render scene.json --detach); framelane wait $id -o film.mp4"""

_TASK_END = """\
examples:
  framelane task super-resolution clip.mp4 --scale 2 -o large.mp4
  framelane task remove-background talk.mp4 --output color --background-color '#00b140' -o green.mp4
  framelane task gaze-redirect talk.mp4 --intensity 0.8 -o looking.mp4
  framelane task transcribe talk.mp4 --language en -o talk.srt"""

_VALIDATE = """\
Say what is wrong with a scene, or probably not meant, without rendering it.

Without --remote this asks nobody: names and ranges are those that this version of the command was made for. --remote
asks the server, which also knows the workspace's plan and assets. Local files only have to be there. Ends with
status 3 when the scene would not be accepted; warnings are no reason."""

_LISTEN = """\
Send the workspace's events to an address that only this machine can reach, such as http://localhost:3000/hook.

Without --public-url no server has to reach this machine. The command looks at the workspace's jobs and assets every
few seconds, makes an event of each change, as the platform would write it, and signs it with a secret of its own,
which it prints: give that one to your receiver for as long as you listen. What changes and changes back between two
looks makes no event, so that a quick job may show its end only; events have ids of their own; nothing is sent again.

With --public-url, the address of a tunnel or one that your server can reach, a webhook is made there for as long as
this runs. Its calls are taken on 127.0.0.1:--port and passed on byte for byte with their signature headers; your
receiver's status goes back, so that the platform tries again what failed."""

_LISTEN_END = """\
examples:
  framelane webhooks listen --forward-to http://localhost:3000/hook
  framelane webhooks listen --forward-to http://localhost:3000/hook --event 'render.*' --event task.failed
  framelane webhooks listen --forward-to http://localhost:3000/hook --public-url https://x.tunnel.example --port 4567"""


class _Parser(ArgumentParser):
    """Options that every command takes, before its name and behind it; no abbreviations, which break with new ones."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False, **settings)
        shared = self.add_argument_group("options of every command")
        shared.add_argument("--base-url", metavar="URL", default=SUPPRESS, help="address of the server")
        shared.add_argument(
            "--api-key",
            metavar="KEY",
            default=SUPPRESS,
            help="better kept by `framelane login`: others may see options",
        )
        shared.add_argument("--json", action="store_true", default=SUPPRESS, help="results as JSON")
        shared.add_argument("-q", "--quiet", action="store_true", default=SUPPRESS, help="results and errors only")


def parser() -> ArgumentParser:
    """The parser of the whole command. Parsed options hold what to `run`."""
    made = _Parser(prog="framelane", description=_MAIN, epilog=_MAIN_END)
    made.add_argument("--version", action="version", version=f"framelane {__version__}")
    groups = made.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    _media_commands(groups)
    _job_commands(groups)
    _other_commands(groups)
    completion_of(groups, made)
    return made


def _command(groups: Any, name: str, run: Run, help: str, description: str = "", epilog: str = "") -> ArgumentParser:
    text = description or help[0].upper() + help[1:] + "."
    made: ArgumentParser = groups.add_parser(name, help=help, description=text, epilog=epilog)
    made.set_defaults(run=run)
    return made


def _media_commands(groups: Any) -> None:
    render = _command(groups, "render", commands.render, "render a scene to a film", _RENDER, _RENDER_END)
    render.add_argument("scene", metavar="SCENE", help="file with the scene as JSON; - reads stdin")
    _variables(render)
    _making(render)
    task = groups.add_parser("task", help="work on one file", description="Work on one file.", epilog=_TASK_END)
    _tasks(task.add_subparsers(title="tasks", metavar="TASK", required=True, parser_class=_Parser))
    upload = _command(groups, "upload", commands.upload, "upload files, and print the addresses that scenes use")
    upload.add_argument("files", metavar="FILE", nargs="+", help="file to upload; - reads stdin")
    upload.add_argument("--filename", metavar="NAME", help="what to call it, instead of its own name")
    upload.add_argument(
        "--content-type", metavar="TYPE", help="MIME type, instead of the one that follows from the name"
    )
    check = _command(groups, "validate", commands.check, "check a scene without rendering it", _VALIDATE)
    check.add_argument("scene", metavar="SCENE", help="file with the scene as JSON; - reads stdin")
    check.add_argument("--remote", action="store_true", help="ask the server")
    _variables(check)


def _variables(made: ArgumentParser) -> None:
    made.add_argument(
        "--var",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="replace {{NAME}} in the scene; any number of them",
    )


def _making(made: ArgumentParser) -> None:
    made.add_argument("-o", "--output-file", dest="output", metavar="FILE", help="where to write the result")
    made.add_argument("--detach", action="store_true", help="print the job's id and do not wait for it")
    made.add_argument(
        "--idempotency-key", metavar="KEY", help="the same key within 24 hours makes no second job, but finds the first"
    )
    _timeout(made)


def _timeout(made: ArgumentParser) -> None:
    made.add_argument("--timeout", metavar="SECONDS", type=_seconds, help="wait no longer than that; the job goes on")


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise ArgumentTypeError(f"{text!r}: seconds from 0 are accepted")
    return value


def _tasks(groups: Any) -> None:
    larger = _task(groups, "super-resolution", "enlarge a video or an image")
    _field(larger, "scale", type=float, metavar="FACTOR", help="1 to 4, default 2")
    people = _task(groups, "remove-background", "cut people out of a video or an image")
    _field(
        people, "output", choices=("alpha", "matte", "color", "blur"), help="what stands behind people: default alpha"
    )
    _field(people, "background_color", metavar="COLOR", help="with --output color: #rrggbb")
    _field(people, "format", choices=("webm", "mov"), help="of a video with alpha: default webm")
    gaze = _task(groups, "gaze-redirect", "turn eyes towards the camera")
    _field(gaze, "intensity", type=float, metavar="SHARE", help="0 to 1, default 1")
    speech = _task(
        groups, "transcribe", "write down what is said; -o talk.srt or talk.vtt saves subtitles instead of JSON"
    )
    _field(speech, "language", metavar="TAG", help="BCP 47 tag, such as en-US; detected unless given")
    _field(speech, "speech_model", metavar="MODEL", help="which of the models that capabilities list")
    for name, help in (
        ("speaker_labels", "tell speakers apart"),
        ("sentiment_analysis", "positive, neutral or negative, by sentence"),
        ("entity_detection", "names, places, dates"),
        ("auto_highlights", "the phrases that matter"),
        ("content_safety", "delicate subjects"),
        ("iab_categories", "topics by the IAB's taxonomy"),
    ):
        _field(speech, name, action="store_const", const=True, help=help)
    _field(speech, "speakers_expected", type=int, metavar="N", help="how many people speak, with --speaker-labels")
    _field(
        speech,
        "word_boost",
        action="append",
        metavar="WORD",
        help="a word that is likely to come up; any number of them",
    )


def _task(groups: Any, name: str, help: str) -> ArgumentParser:
    made = _command(groups, name, commands.task, help)
    made.add_argument("source", metavar="SOURCE", help="file of this machine, or an address")
    made.set_defaults(task_type=name, fields=[])
    _making(made)
    return made


def _field(made: ArgumentParser, name: str, **settings: Any) -> None:
    made.add_argument(f"--{name.replace('_', '-')}", dest=f"field_{name}", default=None, **settings)
    made.set_defaults(fields=[*made.get_default("fields"), name])


def _job_commands(groups: Any) -> None:
    jobs = _command(groups, "jobs", listing.jobs, "list renders and tasks, newest first; `jobs show ID` shows one")
    jobs.add_argument("--kind", choices=("render", "task"), help="one kind only")
    jobs.add_argument("--type", choices=_TASKS, help="tasks of one type only")
    jobs.add_argument("--status", choices=_STATUSES, help="those of one status only")
    jobs.add_argument("--limit", metavar="N", type=_count, default=20, help="how many, default 20")
    jobs.add_argument("--all", action="store_true", help="all there are")
    show = jobs.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    one = _command(show, "show", listing.show, "show one job")
    one.add_argument("id", metavar="ID", help="id of a render or a task")
    wait = _command(groups, "wait", commands.wait, "follow jobs to their end", "", "Ctrl-C leaves the jobs running.")
    wait.add_argument("ids", metavar="ID", nargs="+", help="id of a render or a task")
    wait.add_argument("-o", "--output-file", dest="output", metavar="FILE", help="where to write the result of one job")
    _timeout(wait)
    download = _command(groups, "download", commands.download, "download the result of a completed job")
    download.add_argument("id", metavar="ID", help="id of a render or a task")
    download.add_argument(
        "-o",
        "--output-file",
        dest="output",
        metavar="FILE",
        help="where to write it, the id with an ending unless given",
    )
    cancel = _command(groups, "cancel", commands.cancel, "cancel jobs that have not ended")
    cancel.add_argument("ids", metavar="ID", nargs="+", help="id of a render or a task")


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ArgumentTypeError(f"{text!r}: numbers from 1 are accepted")
    return value


def _other_commands(groups: Any) -> None:
    known = _command(
        groups, "capabilities", listing.capabilities, "show what the server can do: effects, motions, ranges, limits"
    )
    known.add_argument("section", metavar="SECTION", nargs="?", help="effects, motions, transitions, fonts, limits, …")
    known.add_argument("name", metavar="NAME", nargs="?", help="one entry of it, in full")
    known.add_argument("--local", action="store_true", help="what this version of the command knows, asking nobody")
    _account_commands(groups)
    hooks = groups.add_parser("webhooks", help="receive events while you develop", description="Webhooks.")
    below = hooks.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    listen = _command(below, "listen", listening.listen, "send events to a local address", _LISTEN, _LISTEN_END)
    listen.add_argument("--forward-to", metavar="URL", required=True, help="where your receiver listens")
    listen.add_argument(
        "--event", dest="events", metavar="TYPE", action="append", help="only these: render.completed, task.*, …"
    )
    listen.add_argument(
        "--interval", metavar="SECONDS", type=_interval, default=5.0, help="between two looks, default 5, at least 0.5"
    )
    listen.add_argument("--public-url", metavar="URL", help="where the server reaches this machine")
    listen.add_argument("--port", type=int, default=0, help="local port for --public-url, any free one unless given")


def _interval(text: str) -> float:
    value = float(text)
    if not 0.5 <= value <= 3600:
        raise ArgumentTypeError(f"{text!r}: 0.5 to 3600 seconds are accepted")
    return value


def _account_commands(groups: Any) -> None:
    signup = _command(groups, "signup", account.signup, "make a workspace, and keep its key")
    signup.add_argument("--email", help="where the code is mailed")
    signup.add_argument("--workspace-name", metavar="NAME", help="what to call the workspace")
    signup.add_argument("--code", help="verify the address with the code from the mail")
    signup.add_argument("--resend", action="store_true", help="have a new code mailed")
    _command(
        groups,
        "login",
        account.login,
        "keep an API key for this server",
        "Ask for an API key (or read it from stdin), try it, and keep it in a file that only you can read.",
        f"The file is {_shown_path()}. A key is only sent to the server that it was kept for.",
    )
    _command(groups, "logout", account.logout, "forget the kept API key of this server")
    _command(groups, "whoami", listing.whoami, "show the server, the workspace and its plan")
    usage = _command(groups, "usage", listing.usage, "show what the workspace has used")
    usage.add_argument("--period", choices=("current", "7d", "30d", "90d"), default="current", help="default current")


def _shown_path() -> str:
    from framelane.cli.config import config_path

    path = config_path()
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def completion_of(groups: Any, whole: ArgumentParser) -> None:
    """The command that prints completions of all the others."""

    def run(context: Context) -> None:
        print(completion.script(context.options.shell, whole), end="")

    made = _command(
        groups,
        "completion",
        run,
        "print a script that completes the command in a shell",
        "",
        'bash: eval "$(framelane completion bash)"  zsh: the same with zsh\nfish: framelane completion fish | source',
    )
    made.add_argument("shell", choices=("bash", "zsh", "fish"))
