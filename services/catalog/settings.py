"""What catalog reads from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.catalog.rules.open_data import LICENCES, Licence
from shared.settings import Common, Reader, SettingError, read


@dataclass(frozen=True)
class Settings:
    """Settings of catalog; ``open_data_licence`` is what anyone may do with the list of meetings.

    ``security_contact`` is the address (``mailto:``, ``https:``) where a hole can be reported; None: the office.
    """

    common: Common
    open_data_licence: Licence = "CC0-1.0"
    security_contact: str | None = None


def read_settings(env: Mapping[str, str]) -> Settings:
    """The settings in ``env``. Raises ``shared.settings.SettingError`` with one clear sentence."""
    reader = Reader(env)
    licence = reader.choice("OPEN_DATA_LICENCE", *LICENCES)
    contact = reader.optional("SECURITY_CONTACT")
    if contact and not contact.startswith(("mailto:", "https://")):
        raise SettingError(f"SECURITY_CONTACT must begin with mailto: or https://, not {contact!r}.")
    return Settings(read(env), next(each for each in LICENCES if each == licence), contact)
