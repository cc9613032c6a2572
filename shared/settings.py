"""Settings come from the environment alone, are read once, and a wrong one stops the start with one clear sentence.

A service's ``settings.py`` reads its own with the same ``Reader``::

    def read_settings(env: Mapping[str, str]) -> Settings:
        reader = Reader(env)
        return Settings(common=read(env), mail_url=reader.text("MAIL_URL", default="folder:data/mail"))
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from shared.periods import LONGEST_DAYS, LONGEST_MONTHS, Periods
from shared.themes import DEFAULT, Theme, ThemeError, read_theme

LogFormat = Literal["console", "json"]

_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_SHORTEST_KEY = 32
_WELL_KNOWN = re.compile(r"change.?me|secret.?key|default|example|password|kring.?kring", re.IGNORECASE)


class SettingError(ValueError):
    """A setting is missing or wrong; the text is one sentence for who starts the program."""


@dataclass(frozen=True)
class Reader:
    """Reads settings from ``env``; an empty one counts as absent. Everything raises ``SettingError``."""

    env: Mapping[str, str]

    def optional(self, name: str) -> str | None:
        """The text of ``name``, None where it is absent."""
        return self.env.get(name, "").strip() or None

    def text(self, name: str, *, default: str | None = None) -> str:
        """The text of ``name``; required where there is no default."""
        given = self.optional(name) or default
        if given is None:
            raise SettingError(f"{name} is missing: set it in the environment.")
        return given

    def texts(self, name: str) -> tuple[str, ...]:
        """What stands in ``name``, separated by commas; empty where it is absent."""
        return tuple(part.strip() for part in (self.optional(name) or "").split(",") if part.strip())

    def number(self, name: str, *, default: int, least: int = 0, most: int = 999_999_999) -> int:
        """A whole number, ``least`` or more and ``most`` or less."""
        given = self.text(name, default=str(default))
        if not re.fullmatch(r"[0-9]{1,9}", given) or int(given) < least:
            raise SettingError(f"{name} must be a whole number of {least} or more, not {given!r}.")
        if int(given) > most:
            raise SettingError(f"{name} must be {most} or less, not {given!r}.")
        return int(given)

    def choice(self, name: str, *choices: str) -> str:
        """One of ``choices``; the first is the default."""
        given = self.text(name, default=choices[0])
        if given not in choices:
            raise SettingError(f"{name} must be one of {', '.join(choices)}, not {given!r}.")
        return given

    def address(self, name: str, *, default: str | None = None) -> str:
        """A web address without a path: ``https://kring.example`` or ``http://127.0.0.1:8000``."""
        given = self.text(name, default=default).rstrip("/")
        try:
            parts = urlsplit(given)
            parts.port  # noqa: B018  # reading it is what checks it
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.hostname or given != f"{parts.scheme}://{parts.netloc}":
            raise SettingError(f"{name} must be an address like https://kring.example, not {given!r}.")
        if "@" in parts.netloc:
            raise SettingError(f"{name} must not carry a user name.")
        return given.lower()

    def secret(self, name: str) -> str:
        """A key of at least 32 characters that nobody has read in a manual."""
        return self._strong(name, self.text(name))

    def secrets(self, name: str) -> tuple[str, ...]:
        """One or more such keys, separated by commas; the first signs, all verify."""
        keys = self.texts(name)
        if not keys:
            raise SettingError(f"{name} is missing: set it in the environment.")
        return tuple(self._strong(name, key) for key in keys)

    def _strong(self, name: str, key: str) -> str:
        if len(key) < _SHORTEST_KEY or _WELL_KNOWN.search(key) or len(set(key)) < _SHORTEST_KEY // 4:
            raise SettingError(f"{name} must be {_SHORTEST_KEY} random characters or more, and no example.")
        return key


@dataclass(frozen=True)
class Common:
    """What all three services want to know.

    ``link_keys`` sign personal links: only registration and notifications hold them, and insist on them.
    ``erasure_keys`` name people in the ledger of erasures: all three services hold the same.
    ``limits`` multiplies the limits on unauthenticated posts, None = off; ``trusted_proxies`` is how many proxies stand
    in front and tell the reader's network address; ``manager_key`` is the first manager's API key; ``examples`` says
    that the data are made up. ``theme`` is how the pages look, ``site_name`` what they call themselves.
    ``contact_name`` and ``contact_email`` are the office that runs the site. ``periods`` says how long data are kept.
    """

    base_url: str
    secret_key: str
    database_url: str
    broker_url: str
    link_keys: tuple[str, ...] = ()
    erasure_keys: tuple[str, ...] = ()
    trusted_proxies: int = 0
    log_format: LogFormat = "console"
    limits: float | None = 1.0
    manager_key: str | None = None
    examples: bool = False
    theme: Theme = field(default_factory=lambda: read_theme(DEFAULT))
    site_name: str = "Kring"
    contact_name: str = "Kring"
    contact_email: str = "kring@kring.example"
    periods: Periods = field(default_factory=Periods)

    @property
    def is_public(self) -> bool:
        """Whether people outside this machine can reach the pages."""
        return is_public(self.base_url)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the log should say at the start."""
        return () if self.limits is not None else ("LIMITS is off: nobody is stopped from posting without end.",)


def is_public(address: str) -> bool:
    """Whether people outside this machine can reach a web address; an empty one leads nowhere."""
    return bool(address) and urlsplit(address).hostname not in _THIS_MACHINE


def read(env: Mapping[str, str]) -> Common:
    """The common settings. Raises ``SettingError``."""
    reader = Reader(env)
    return Common(
        base_url=reader.address("BASE_URL", default="http://127.0.0.1:8000"),
        secret_key=reader.secret("SECRET_KEY"),
        link_keys=reader.secrets("LINK_KEYS") if reader.optional("LINK_KEYS") else (),
        erasure_keys=reader.secrets("ERASURE_KEYS"),
        database_url=_known(reader, "DATABASE_URL", ("sqlite:///", "postgresql://", "postgresql+psycopg://")),
        broker_url=_known(reader, "BROKER_URL", ("memory://", "amqp://", "amqps://")),
        trusted_proxies=reader.number("TRUSTED_PROXIES", default=0),
        log_format="json" if reader.choice("LOG_FORMAT", "console", "json") == "json" else "console",
        limits=_limits(reader),
        manager_key=_manager_key(reader),
        examples=reader.choice("EXAMPLE_DATA", "0", "1") == "1",
        theme=_theme(reader),
        site_name=reader.text("SITE_NAME", default="Kring"),
        contact_name=reader.text("CONTACT_NAME", default=Common.contact_name),
        contact_email=_contact_email(reader),
        periods=read_periods(reader),
    )


def _known(reader: Reader, name: str, beginnings: tuple[str, ...]) -> str:
    given = reader.text(name)
    if not given.startswith(beginnings):  # the value may hold a password, so it is not repeated
        raise SettingError(f"{name} must begin with {' or '.join(beginnings)}.")
    return given


def _theme(reader: Reader) -> Theme:
    try:
        return read_theme(reader.text("THEME", default=DEFAULT))
    except ThemeError as error:
        raise SettingError(f"THEME {error}.") from None


def _contact_email(reader: Reader) -> str:
    given = reader.text("CONTACT_EMAIL", default=Common.contact_email)
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", given):
        raise SettingError(f"CONTACT_EMAIL must be a mail address, not {given!r}.")
    return given


def read_periods(reader: Reader) -> Periods:
    """How long this installation keeps what it knows of people. Raises ``SettingError``."""

    def days(name: str, default: int, least: int = 0) -> int:
        return reader.number(name, default=default, least=least, most=LONGEST_DAYS)

    usual = Periods()
    return Periods(
        attendees=days("KEEP_ATTENDEES_DAYS", usual.attendees),
        leftovers=days("KEEP_LEFTOVERS_DAYS", usual.leftovers),
        needs=days("KEEP_NEEDS_DAYS", usual.needs),
        mail=days("KEEP_MAIL_DAYS", usual.mail, least=1),
        research=reader.number("KEEP_RESEARCH_MONTHS", default=usual.research, least=1, most=LONGEST_MONTHS),
    )


def _limits(reader: Reader) -> float | None:
    given = reader.text("LIMITS", default="1")
    if given == "off":
        return None
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", given) or float(given) == 0:
        raise SettingError(f"LIMITS must be a factor above 0 such as 1 or 2.5, or off, not {given!r}.")
    return float(given)


def _manager_key(reader: Reader) -> str | None:
    key = reader.optional("KRING_MANAGER_KEY")
    if key and not re.fullmatch(r"[!-~]+", key):
        raise SettingError("KRING_MANAGER_KEY must be letters, digits and signs without spaces.")
    return key
