"""For operators of one machine: look at all three services, and say what to do.

python -m deploy.doctor     with the settings that the process has; ends with 1 where something is wrong
"""

import os
import sys
from collections.abc import Iterator, Mapping
from functools import partial

from deploy.assembly import MODULES, SERVICES
from deploy.one_machine import require_production
from services.notifications import app as notifications
from shared.doctor.commands import More, examined, nothing_more
from shared.doctor.findings import Finding, say, wrong
from shared.settings import SettingError


def examine(given: Mapping[str, str]) -> Iterator[Finding]:
    """All findings of the installation that ``given`` describes; the first wrong setting ends it."""
    try:
        require_production(given)
        built = {name: module.build_from_env(given) for name, module in MODULES.items()}
    except SettingError as error:
        yield wrong("settings", str(error), "mend it, and ask again")
        return
    more: dict[str, More] = {notifications.NAME: partial(notifications.examine_from_env, given)}
    for name, service in built.items():
        yield from examined(service, SERVICES / name / "migrations", more.get(name, nothing_more))


if __name__ == "__main__":
    sys.exit(say(examine(os.environ)))
