"""How much of a mail those may see who did not receive it."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default

_TOKEN = re.compile(
    r"(/registration/(?:mine|sign-in|network/sign-in|my-data|transfers|lists|sparring)"
    r"/|/notifications/(?:preferences|subscriptions)/)[^\s\"<>]+"
)


def shown(source: bytes) -> str:
    """The plain text of a mail; its personal links end in ``…``, for whoever opens one acts as the recipient."""
    body = message_from_bytes(source, policy=default).get_body(("plain",))
    text: str = body.get_content() if body else ""
    return _TOKEN.sub(r"\1…", text)


@dataclass(frozen=True)
class Preview:
    """A mail filled in with an example: how it reads, and its source for a mail program (RFC 5322)."""

    subject: str
    text: str
    source: bytes
