"""What catalog reads from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.catalog.rules.open_data import LICENCES, Licence
from shared.settings import Common, Reader, read


@dataclass(frozen=True)
class Settings:
    """Settings of catalog; ``open_data_licence`` is what anyone may do with the list of meetings."""

    common: Common
    open_data_licence: Licence = "CC0-1.0"


def read_settings(env: Mapping[str, str]) -> Settings:
    """The settings in ``env``. Raises ``shared.settings.SettingError`` with one clear sentence."""
    licence = Reader(env).choice("OPEN_DATA_LICENCE", *LICENCES)
    return Settings(read(env), next(each for each in LICENCES if each == licence))
