"""Pages as Markdown, for programs: the text as it was written, with links that work from anywhere."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from apps.docs.library import Library, Place
from apps.docs.links import address_of, target_of
from apps.docs.markdown import parser

WRITTEN_ADDRESS: Final = "http://localhost:8000"
"""How texts call the platform; readers get the address of theirs."""
LOCAL_SECTION: Final = "operations/"
"""Pages for those who sit at the machine itself, where that address is the right one."""
_USES_API: Final = re.compile(r"\$\{?API\b")
_FENCE: Final = re.compile(r" {0,3}(?:> ?)*(`{3,}|~{3,})")
# A span of code, which is left alone; or a link that is no picture; or the end of any other; or a definition.
_LINK: Final = re.compile(
    r"(?P<code>(?<!`)(`+)(?!`).+?(?<!`)\2(?!`))"
    r"|(?<!!)\[(?P<text>[^\[\]]*)\]\((?P<whole>[^()\s]+)(?P<title>\s+\"[^\"]*\")?\)"
    r"|\]\((?P<end>[^()\s]+)(?P<rest>\s+\"[^\"]*\")?\)"
    r"|^\[(?P<name>[^\]]+)\]:\s+(?P<definition>\S+)"
)


def uses_api(markdown: str) -> bool:
    """Whether examples of a page count on `$API` without setting it themselves."""
    fences = (token for token in parser().parse(markdown) if token.type == "fence" and token.info.startswith("sh"))
    scripts = "".join(fence.content for fence in fences)
    return bool(_USES_API.search(scripts)) and "API=" not in scripts


def addressed(place: Place, public_url: str) -> str:
    """The Markdown of a page with the address of this installation."""
    if place.page.path.startswith(LOCAL_SECTION):
        return place.page.markdown
    return place.page.markdown.replace(WRITTEN_ADDRESS, public_url)


def markdown_of(library: Library, place: Place, public_url: str) -> str:
    """The page for programs. A link to a page leads to its Markdown."""

    def absolute(link: str) -> str:
        target = target_of(library, place, link)
        address = target.address
        if target.page is not None:
            _, mark, anchor = address.partition("#")
            address = address_of(target.page.page.path, ".md") + mark + anchor
        return f"{public_url}{address}" if address.startswith("/") else address

    text = "\n".join(_lines(addressed(place, public_url).rstrip().split("\n"), absolute)) + "\n"
    return _with_variables(text, public_url) if uses_api(place.page.markdown) else text


def _with_variables(text: str, public_url: str) -> str:
    """The text with what its examples count on, below its title."""
    said = f"`$API` is `{public_url}`; `$FRAMELANE_API_KEY` is a key of a workspace."
    return re.sub(r"^(# .*\n)", rf"\g<1>\n{said}\n", text, count=1, flags=re.MULTILINE)


def _lines(lines: list[str], absolute: Callable[[str], str]) -> Iterator[str]:
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and line.strip(" >") == mark[1]:
            fence = ""
        elif not fence:
            line = _LINK.sub(lambda match: _replaced(match, absolute), line)
        yield line


def _replaced(match: re.Match[str], absolute: Callable[[str], str]) -> str:
    if match["code"]:
        return match[0]
    if match["whole"]:
        address = absolute(match["whole"])
        return f"[{match['text']}]({address}{match['title'] or ''})" if address else match["text"]
    if match["definition"]:
        return f"[{match['name']}]: {absolute(match['definition']) or match['definition']}"
    return f"]({absolute(match['end']) or match['end']}{match['rest'] or ''})"
