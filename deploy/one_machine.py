"""All of Kring in one process, for people: what must be said where others than we ourselves come."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.processes import PARTS
from shared.defaults import database_setting
from shared.settings import SettingError, is_public

_FOR_PEOPLE = {
    "MAIL_URL": "mail to people would lie in a folder",
    "CONTACT_EMAIL": "the statements on the site would name nobody who answers",
    "TRUSTED_PROXIES": "all visitors would count as one, whom the limits soon stop",
}
"""Settings that have a default for a try-out, and what comes of that default under a public address."""


def require_production(given: Mapping[str, str]) -> None:
    """Raise ``SettingError`` where what is set does not do for one process, or not for the people it is meant for.

    What else may be wrong, such as records in the DNS, is for the doctor.
    """
    base_is_public = is_public(given.get("BASE_URL", ""))
    if given.get("BROKER_URL"):
        raise SettingError("BROKER_URL is for services of their own: in one process none is needed, so leave it out.")
    databases = [database_setting(service) for service in PARTS]
    if given.get("DATABASE_URL"):
        raise SettingError(f"DATABASE_URL is one database, and each service has its own: set {', '.join(databases)}.")
    missing = [name for name in databases if not given.get(name)]
    if 0 < len(missing) < len(databases):
        raise SettingError(f"{missing[0]} is missing: set all three, or none for SQLite.")
    if mails_people(given) and not given.get("BASE_URL"):
        raise SettingError("BASE_URL is missing: links in mail to people would lead to their own machine.")
    if mails_people(given) and not given.get("MAIL_DOMAIN"):
        raise SettingError("MAIL_DOMAIN is missing: answers to invitations would go to a domain of nobody.")
    for name, consequence in _FOR_PEOPLE.items() if base_is_public else ():
        if not given.get(name):
            raise SettingError(f"{name} is missing, and BASE_URL is public: {consequence}.")


def mails_people(given: Mapping[str, str]) -> bool:
    """Whether mail goes to a mail server."""
    return given.get("MAIL_URL", "").startswith("smtp")


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for this process. Raises ``SettingError`` with one sentence where another holds it."""
    with (folder / "running").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingError(
                f"Kring already runs on {folder}: stop it, or set KRING_DATA to another folder."
            ) from None
        yield
