"""What notifications wants to know from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dkim.crypto import UnparsableKeyError, parse_pem_private_key

from services.notifications.rules.addresses import OurAddresses, mailbox
from shared.settings import Common, Reader, SettingError, read

_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}")
_SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_SAMPLE_TOKEN = "a" * 42  # as long as a real one


@dataclass(frozen=True)
class Settings:
    """``mail_url`` says where mail goes (``folder:PATH``, ``smtp://…``, ``smtps://…``), ``mail_from`` in whose name.

    ``replies_url`` says where answers come in (``folder:PATH``, ``smtp://…`` or ``lmtp://…`` to listen at, ``imaps://…``
    to look into), None for nowhere; ``authserv_id`` names the mail server whose verdicts on senders count.
    ``dkim_key`` (PEM) signs mail, its public half stands in the domain under ``dkim_selector``; None: we do not sign.
    """

    common: Common
    mail_url: str
    mail_from: str
    addresses: OurAddresses
    replies_url: str | None = None
    authserv_id: str = ""
    dkim_key: bytes | None = field(default=None, repr=False)
    dkim_selector: str = "kring"


def read_settings(env: Mapping[str, str]) -> Settings:
    """The settings of notifications. Raises ``SettingError`` with one clear sentence."""
    common, reader = read(env), Reader(env)
    return Settings(
        common=common,
        mail_url=_mail_url(reader),
        mail_from=reader.text("MAIL_FROM", default=common.site_name),
        addresses=_addresses(reader, reader.secrets("LINK_KEYS")),
        replies_url=_replies_url(reader),
        dkim_key=_dkim_key(reader),
        dkim_selector=_dkim_selector(reader),
        authserv_id=reader.optional("AUTHSERV_ID") or reader.text("MAIL_DOMAIN", default="kring.example").lower(),
    )


def _mail_url(reader: Reader) -> str:
    """The value may hold a password, so it is not repeated."""
    given = reader.text("MAIL_URL")
    parts = urlsplit(given)
    try:
        is_good = bool(parts.path) if parts.scheme == "folder" else bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if parts.scheme not in ("folder", "smtp", "smtps") or not is_good:
        raise SettingError("MAIL_URL must be like folder:PATH, smtp://HOST:PORT or smtps://USER:PASSWORD@HOST:PORT.")
    return given


def _replies_url(reader: Reader) -> str | None:
    """The value may hold a password, so it is not repeated."""
    given = reader.optional("REPLIES_URL")
    if given and not _is_door(given):
        raise SettingError(
            "REPLIES_URL must be like folder:PATH, smtp://HOST:PORT, lmtp://HOST:PORT or "
            "imaps://USER:PASSWORD@HOST/FOLDER (imap:// only for a server on this machine)."
        )
    return given


def _is_door(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    match parts.scheme:
        case "folder":
            return bool(parts.path)
        case "smtp" | "lmtp":
            return bool(parts.hostname and port) and parts.username is None and parts.path in ("", "/")
        case "imaps":
            return bool(parts.hostname and parts.username and parts.password)
        case "imap":  # a password without TLS goes nowhere
            return parts.hostname in _THIS_MACHINE and bool(parts.username and parts.password)
    return False


def _dkim_key(reader: Reader) -> bytes | None:
    """The private key in the file that is named."""
    path = reader.optional("DKIM_KEY_FILE")
    if path is None:
        return None
    try:
        key = Path(path).read_bytes()
        parse_pem_private_key(key)
    except (OSError, UnparsableKeyError) as error:
        raise SettingError("DKIM_KEY_FILE must name a readable file with an RSA private key (PEM).") from error
    return key


def _dkim_selector(reader: Reader) -> str:
    selector = reader.text("DKIM_SELECTOR", default="kring")
    if not _SELECTOR.fullmatch(selector):
        raise SettingError(f"DKIM_SELECTOR must be a name like kring or kring2027, not {selector!r}.")
    return selector


def _addresses(reader: Reader, keys: tuple[str, ...]) -> OurAddresses:
    domain = reader.text("MAIL_DOMAIN", default="kring.example").lower()
    if not _DOMAIN.fullmatch(domain):
        raise SettingError(f"MAIL_DOMAIN must be a domain name like kring.example, not {domain!r}.")
    pattern = reader.text("REPLY_ADDRESS", default=f"reply+{{token}}@{domain}")
    ours = OurAddresses(domain, pattern.replace("MAIL_DOMAIN", domain), keys)
    try:
        address = mailbox(ours.reply_to(_SAMPLE_TOKEN))
    except (ValueError, LookupError):
        address = ""
    if _SAMPLE_TOKEN not in address or not address.islower():
        raise SettingError(
            "REPLY_ADDRESS must be an address in lower case with {token} in it, with room for 42 characters there, "
            "like reply+{token}@kring.example."
        )
    return ours
