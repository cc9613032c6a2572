"""What an operator can say to notifications: what every service answers to."""

from pathlib import Path

from services.notifications.app import NAME, build_from_env
from shared.commands import command_group

commands = command_group(NAME, build_from_env, Path(__file__).parent / "migrations")
