"""Whatever a server writes into its headers and pages, and whatever a link looks like, nothing breaks."""

from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from apps.uploads.imports.disposition import filename_of
from apps.uploads.imports.lifecycle import filename_in
from apps.uploads.imports.share_links import confirmed_url, direct_url, is_page
from framelane.lib.net import Refused

PARAMETERS = st.lists(
    st.sampled_from(
        [
            *("attachment", "filename=", "filename*=", "filename*0*=", "filename*1=", '"', "'", "''", ";", "%", "%FF"),
            *("UTF-8''", "x-none''", "../", "\\", "\0", "é", "a.mp4", " ", "=", "*"),
        ]
    ),
    max_size=30,
)
LINKS = st.lists(
    st.sampled_from(
        ["/s/", "/scl/", "fi/", "fo/", "/file/d/", "abcdefghij12", "/u/0", "?id=", "?", "&dl=0", "#", "%", "é"]
    )
)
PAGES = st.lists(
    st.sampled_from(
        [
            *(
                "<form",
                ' id="download-form"',
                " action=",
                "https://drive.usercontent.google.com/download",
                "//x.example",
            ),
            *(">", "</form>", '<input type="hidden" name="id" value="1">', '<input type="hidden" name="confirm">'),
            *("<!--", "-->", "<![CDATA[", "&amp;", "\0", "<script>", "'", '"', "é"),
        ]
    ),
    max_size=40,
)


@given(PARAMETERS)
def test_a_header_yields_one_part_of_a_path(parts: list[str]) -> None:
    name = filename_of({"content-disposition": "".join(parts).encode().decode("latin-1")})
    assert len(name) <= 255
    assert not set(name) & set("/\\\0\n")


@given(st.sampled_from(["www.dropbox.com", "drive.google.com", "films.example"]), LINKS)
def test_a_link_leads_to_its_own_host_or_is_refused(host: str, parts: list[str]) -> None:
    url = f"https://{host}/{''.join(parts)}"
    assert len(filename_in(url)) <= 255
    try:
        direct = direct_url(url)
    except Refused:
        return
    assert urlsplit(direct).hostname == host


@given(PAGES)
def test_a_page_leads_to_google_drive_or_nowhere(parts: list[str]) -> None:
    page = "".join(parts).encode()
    is_page(page)
    url = confirmed_url("https://drive.google.com/uc?id=1", page)
    assert url is None or url.startswith(("https://drive.usercontent.google.com/", "https://drive.google.com/"))
