"""``python -m services.notifications …``: what every service answers to; the doctor looks at mail too."""

import os
from functools import partial

from services.notifications.app import MIGRATIONS, NAME, build_from_env, examine_from_env
from shared.commands import command_group

if __name__ == "__main__":
    command_group(NAME, build_from_env, MIGRATIONS, partial(examine_from_env, os.environ))()
