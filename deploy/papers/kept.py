"""What all three services keep of people, in the words of their pages about privacy."""

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from services import catalog, notifications, registration
from services.catalog import tables as catalog_tables
from services.catalog.actions.erase_person import STAYS as CATALOG_STAYS
from services.catalog.pages.privacy import WORDS as CATALOG
from services.notifications import tables as notifications_tables
from services.notifications.actions.erase_tables import STAYS as NOTIFICATIONS_STAYS
from services.notifications.pages.privacy import WORDS as NOTIFICATIONS
from services.registration import tables as registration_tables
from services.registration.actions.erase_person import STAYS as REGISTRATION_STAYS
from services.registration.pages.privacy import WORDS as REGISTRATION
from shared.i18n import Language, speaking, translator
from shared.periods import Periods
from shared.web.privacy import Line, data_map_lines, what_stays

_SERVICES = (
    (registration, registration_tables.metadata, REGISTRATION, REGISTRATION_STAYS),
    (notifications, notifications_tables.metadata, NOTIFICATIONS, NOTIFICATIONS_STAYS),
    (catalog, catalog_tables.metadata, CATALOG, CATALOG_STAYS),
)


@dataclass(frozen=True)
class Part:
    """One service: what it keeps, and what is not erased with a person and why."""

    name: str
    lines: list[Line]
    stays: dict[str, str]


def parts(language: Language, periods: Periods) -> list[Part]:
    """The services, that which knows most of people first."""
    found = []
    for module, metadata, words, stays in _SERVICES:
        with speaking(translator(language, _translations(module))):
            lines = list(dict.fromkeys(data_map_lines(metadata, words, periods)))
            found.append(Part(module.__name__.rpartition(".")[2], lines, what_stays(stays, words)))
    return found


def _translations(module: ModuleType) -> Path:
    return Path(str(module.__file__)).parent / "translations"
