"""What `make stack` is told, and what it tells each service: settings, and secrets that are made once."""

import json
import secrets
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.processes import PARTS
from shared.defaults import erasure_key
from shared.settings import Reader, SettingError

HELD_LINKS = ("registration", "notifications")  # only these make and read links to a registration
FOR_ALL = (
    *("BASE_URL", "CONTACT_EMAIL", "CONTACT_NAME", "KRING_MANAGER_KEY", "LIMITS"),
    *("LOG_FORMAT", "SITE_NAME", "THEME", "TRACES_SHARE", "TRACES_URL", "TRUSTED_PROXIES"),
    *("KEEP_ATTENDEES_DAYS", "KEEP_LEFTOVERS_DAYS", "KEEP_MAIL_DAYS", "KEEP_NEEDS_DAYS", "KEEP_RESEARCH_MONTHS"),
)
FOR_CATALOG = ("OPEN_DATA_LICENCE", "SECURITY_CONTACT")
FOR_REGISTRATION = ("OIDC_", "SIGN_IN_BY_MAIL")  # any number of identity providers: what begins so
FOR_MAIL = (
    "AUTHSERV_ID",
    "DKIM_KEY_FILE",
    "DKIM_SELECTOR",
    "MAIL_DOMAIN",
    "MAIL_FROM",
    "MAIL_URL",
    "REPLIES_URL",
    "REPLY_ADDRESS",
)
LONGEST_FOLDER = 80  # unix(7): a socket's path has at most 107 characters, and supervisor adds some


@dataclass(frozen=True)
class Choices:
    """What who starts the stack may choose: its folder, nginx's port, web processes per service, the services' own."""

    folder: Path
    port: int
    web_workers: int
    settings: Mapping[str, str]

    @property
    def address(self) -> str:
        """Where nginx answers."""
        return f"http://127.0.0.1:{self.port}"


def read_choices(env: Mapping[str, str]) -> Choices:
    """Read `STACK_DATA`, `PORT`, `WEB_WORKERS` and the settings that services get as they are. Raises SettingError."""
    reader = Reader(env)
    folder = Path(reader.text("STACK_DATA", default="data/stack")).resolve()
    if len(str(folder)) > LONGEST_FOLDER:
        raise SettingError(f"STACK_DATA must have {LONGEST_FOLDER} characters or fewer, as a full path: {folder}.")
    return Choices(
        folder=folder,
        port=reader.number("PORT", default=8080, least=1),
        web_workers=reader.number("WEB_WORKERS", default=1, least=1),
        settings={name: env[name] for name in env if env[name] and _is_passed_on(name)},
    )


def _is_passed_on(name: str) -> bool:
    return name in FOR_ALL + FOR_CATALOG + FOR_MAIL or name.startswith(FOR_REGISTRATION)


def kept_secrets(file: Path) -> dict[str, str]:
    """Give the secrets in the file, made at the first start; only its owner may read it."""
    if not file.exists():
        kinds = ("secret key", "database password", "broker password")
        made = {f"{service} {kind}": secrets.token_urlsafe(32) for service in PARTS for kind in kinds}
        made |= {"link key": secrets.token_urlsafe(32), "instance": secrets.token_hex(3)}
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made, indent=2))
        draft.rename(file)
    kept: dict[str, str] = json.loads(file.read_text())
    return kept


def environment(service: str, choices: Choices, kept: Mapping[str, str], urls: Mapping[str, str]) -> dict[str, str]:
    """Give all settings of one service, and none that it does not need."""
    settings = {"BASE_URL": choices.address, "LOG_FORMAT": "json", "TRUSTED_PROXIES": "1"}
    names: tuple[str, ...] = FOR_ALL
    if service == "catalog":
        names += FOR_CATALOG
    if service == "notifications":
        mail = choices.folder / "mail"
        settings |= {"MAIL_URL": f"folder:{mail}", "REPLIES_URL": f"folder:{mail / 'replies'}"}
        settings |= {"MAIL_DOMAIN": "kring.example"}
        names += FOR_MAIL
    settings |= {name: value for name, value in choices.settings.items() if name in names}
    if service == "registration":
        settings |= {name: value for name, value in choices.settings.items() if name.startswith(FOR_REGISTRATION)}
    settings |= {"SECRET_KEY": kept[f"{service} secret key"], "ERASURE_KEYS": erasure_key(kept["link key"])}
    if service in HELD_LINKS:
        settings |= {"LINK_KEYS": kept["link key"]}
    return {**settings, **urls}


def write_environment(folder: Path, service: str, settings: Mapping[str, str]) -> None:
    """Write a service's settings where its processes, and an operator's shell, read them."""
    file = folder / f"{service}.env"
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(settings.items())))


def in_environment(folder: Path, service: str, command: Sequence[str]) -> list[str]:
    """Give the command that runs `command` with the settings of a service."""
    return ["sh", "-c", f'set -a; . {shlex.quote(str(folder / service))}.env; exec "$0" "$@"', *command]
