"""``python -m services.notifications …``: what every service answers to."""

from services.notifications.app import MIGRATIONS, NAME, build_from_env
from shared.commands import command_group

if __name__ == "__main__":
    command_group(NAME, build_from_env, MIGRATIONS)()
