"""Shell completion, written from what the parser takes."""

from __future__ import annotations

import shlex
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator

_BASH = """\
_framelane() {{
    local path="" word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$path $word" in
{steps}
        esac
    done
    local words=""
    case "$path" in
{cases}
    esac
    word="${{COMP_WORDS[COMP_CWORD]}}"
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    [[ ${{#COMPREPLY[@]}} -gt 0 || "$word" == -* ]] || COMPREPLY=($(compgen -f -- "$word"))
}}
complete -o filenames -F _framelane framelane
"""


def script(shell: str, whole: ArgumentParser) -> str:
    """The script for `bash`, `zsh` or `fish`."""
    if shell == "fish":
        return "".join(_fish(whole, []))
    steps = "\n".join(
        f"            {shlex.quote(_key(path))}) path={shlex.quote(_key(path))} ;;"
        for path, _ in _paths(whole, [])
        if path
    )
    cases = "\n".join(
        f"        {shlex.quote(_key(path))}) words={shlex.quote(' '.join(_words(made)))} ;;"
        for path, made in _paths(whole, [])
    )
    made = _BASH.format(steps=steps, cases=cases)
    return made if shell == "bash" else f"autoload -U +X bashcompinit && bashcompinit\n{made}"


def _key(path: list[str]) -> str:
    return "".join(f" {name}" for name in path)


def _paths(made: ArgumentParser, path: list[str]) -> Iterator[tuple[list[str], ArgumentParser]]:
    yield path, made
    for name, child in _children(made).items():
        yield from _paths(child, [*path, name])


def _children(made: ArgumentParser) -> dict[str, ArgumentParser]:
    return {
        name: child
        for action in made._actions
        if isinstance(action, _SubParsersAction)
        for name, child in action.choices.items()
    }


def _words(made: ArgumentParser) -> list[str]:
    """What may follow: commands, options, and choices of what stands alone."""
    words = list(_children(made))
    for action in made._actions:
        words += [option for option in action.option_strings if option.startswith("--")]
        if not action.option_strings and action.choices and not isinstance(action, _SubParsersAction):
            words += [str(choice) for choice in action.choices]
    return words


def _fish(made: ArgumentParser, path: list[str]) -> Iterator[str]:
    children = _children(made)
    here = "; and ".join(f"__fish_seen_subcommand_from {name}" for name in path) or "__fish_use_subcommand"
    for name, child in children.items():
        about = shlex.quote((child.description or "").strip().splitlines()[0])
        nowhere = f"; and not __fish_seen_subcommand_from {' '.join(children)}" if path else ""
        yield f"complete -c framelane -n {shlex.quote(here + nowhere)} -a {name} -d {about}\n"
        yield from _fish(child, [*path, name])
    for action in made._actions:
        for option in action.option_strings:
            if option.startswith("--"):
                about = shlex.quote(action.help or "")
                condition = f"-n {shlex.quote(here)} " if path else ""
                choices = f"-x -a {shlex.quote(' '.join(map(str, action.choices)))} " if action.choices else ""
                yield f"complete -c framelane {condition}-l {option[2:]} {choices}-d {about}\n"
