"""E-mail addresses in one form, so that the same one is recognised however it is written."""

import unicodedata
from typing import Final

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAX_LENGTH: Final = 254
"""Of an address between its angle brackets (RFC 5321, 4.5.3.1.3)."""
MAX_LOCAL_LENGTH: Final = 64
"""RFC 5321, 4.5.3.1.1."""


def normalised(text: str) -> str:
    """`text` as mail is sent to it: the domain in ASCII and lower case (UTS #46), the local part as it is written.

    Raises ValueError that says what is wrong. Quoted local parts, those beyond ASCII and domains that are numbers are
    refused: hardly a server takes them, and they are ways to write one address in two forms.
    """
    written = unicodedata.normalize("NFC", text.strip())
    local, at, domain = written.rpartition("@")
    if not at or not local or not domain:
        raise ValueError("an address has a name, an @ and a domain")
    if not local.isascii() or '"' in local:
        raise ValueError("the part before the @ may hold unquoted ASCII characters only")
    if len(local) > MAX_LOCAL_LENGTH:
        raise ValueError(f"the part before the @ has at most {MAX_LOCAL_LENGTH} characters, this one {len(local)}")
    address = f"{local}@{_ascii_domain(domain)}"
    if len(address) > MAX_LENGTH:
        raise ValueError(f"an address has at most {MAX_LENGTH} characters, this one {len(address)}")
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError("this is not an e-mail address") from None
    return address


def comparable(address: str) -> str:
    """What two spellings of a normalised address have in common. No server in use tells the case of a name apart."""
    return address.lower()


def _ascii_domain(domain: str) -> str:
    try:
        encoded = idna.encode(domain, uts46=True, std3_rules=True, transitional=False).decode("ascii").lower()
    except idna.IDNAError:
        raise ValueError("the part after the @ is not a domain") from None
    if "." not in encoded.strip("."):
        raise ValueError("the domain has no dot")
    return encoded
