"""The three services in one process, wired to wake each other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from services.catalog import app as catalog
from services.catalog.settings import read_settings as catalog_settings
from services.notifications import app as notifications
from services.notifications.settings import read_settings as notifications_settings
from services.registration import app as registration
from services.registration.settings import read_settings as registration_settings
from shared.db.migrations import migrate
from shared.db.wake import Bell
from shared.defaults import with_defaults
from shared.service import Service, Worker
from shared.times import utc_now

SERVICES = Path(__file__).parents[1] / "services"
MODULES = {module.NAME: module for module in (catalog, registration, notifications)}
"""Where each service is wired."""


@dataclass(frozen=True)
class Assembly:
    """The three services and the bell that all of them ring."""

    catalog: Service
    registration: Service
    notifications: Service
    bell: Bell

    @property
    def services(self) -> tuple[Service, Service, Service]:
        """All three."""
        return self.catalog, self.registration, self.notifications

    @property
    def worker(self) -> Worker:
        """The background work of all three, as one."""
        return Worker([part for service in self.services for part in service.worker.parts])

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """A WSGI application: the first part of the path names the service; the rest is catalog's."""
        first = environ.get("PATH_INFO", "/").split("/", 2)[1:2]
        for service in (self.registration, self.notifications):
            if first == [service.prefix.strip("/")]:
                return service.app(environ, start_response)
        return self.catalog.app(environ, start_response)


def assemble(given: Mapping[str, str], clock: Callable[[], datetime] = utc_now) -> Assembly:
    """Migrate the three databases and wire the services for what ``given`` sets. Raises ``SettingError``."""
    bell = Bell()
    environments = {name: with_defaults(given, name) for name in MODULES}
    for name in MODULES:
        migrate(SERVICES / name / "migrations", environments[name]["DATABASE_URL"])
    return Assembly(
        catalog.build(catalog_settings(environments["catalog"]), bell=bell, clock=clock),
        registration.build(registration_settings(environments["registration"]), bell=bell, clock=clock),
        notifications.build(notifications_settings(environments["notifications"]), bell=bell, clock=clock),
        bell,
    )
