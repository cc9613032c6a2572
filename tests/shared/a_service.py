"""A service of one page and one reader, run as a program: ``python -m tests.shared.a_service …``."""

from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from shared.commands import command_group
from shared.service import Service, Worker
from shared.settings import SettingError
from tests.bus.houses import Clock, House


def build_from_env(env: Mapping[str, str]) -> Service:
    if "DATABASE_URL" not in env:
        raise SettingError("DATABASE_URL is missing: set it in the environment.")
    house = House("notifications", env["DATABASE_URL"], env["BROKER_URL"], Clock())
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "here")
    return Service("notifications", "", app, house.database, Worker([house.relay, house.inbox]))


group = command_group("notifications", build_from_env, Path(__file__).parent / "no-migrations")

if __name__ == "__main__":
    group()
