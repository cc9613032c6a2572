"""``python -m services.notifications …``."""

from services.notifications.commands import commands

if __name__ == "__main__":
    commands()
