"""What catalog reads from the environment: nothing of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import Common, read


@dataclass(frozen=True)
class Settings:
    """Settings of catalog."""

    common: Common


def read_settings(env: Mapping[str, str]) -> Settings:
    """The settings in ``env``. Raises ``shared.settings.SettingError`` with one clear sentence."""
    return Settings(read(env))
