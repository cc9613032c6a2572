"""What registration wants to know from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import Common, Reader, read


@dataclass(frozen=True)
class Settings:
    """All settings of registration: it needs no others than every service does."""

    common: Common


def read_settings(env: Mapping[str, str]) -> Settings:
    """The settings in ``env``. Raises ``SettingError`` with one clear sentence."""
    Reader(env).secrets("LINK_KEYS")  # it signs people's links, so here they must be given
    return Settings(common=read(env))
