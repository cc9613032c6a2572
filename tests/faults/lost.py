"""What a disk that is lost takes with it: a copy of what others know, or all that was done since the last backup."""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Table, delete

from services.notifications import tables
from shared.db.engine import make_engine
from tests.faults.invariants import TABLES
from tests.faults.scene import Injection, Scene
from tests.tampering import unfenced

Backup = dict[Table, list[dict[str, Any]]]


def projection_lost(scene: Scene) -> None:
    """Notifications knows no registration and no meeting any more, and finds that out."""
    scene.is_quiet()
    notifications = scene.kring.assembly.notifications
    with notifications.database.begin() as tx:
        for table in (tables.registration, tables.seats, tables.meeting):
            tx.session.execute(delete(table))
    scene.sign_up("late")


def restored(scene: Scene, service: str) -> None:
    """A backup was made, the meeting was moved and everybody told, and the backup was put back; nobody says so."""
    scene.is_quiet()
    kept = _backup(scene, service)
    scene.move(scene.kring.clock() + timedelta(days=scene.chance.randint(130, 140)))
    scene.sign_up("late") if service != "registration" else None
    scene.is_quiet()
    scene.kring.close()
    _put_back(scene, service, kept)
    scene.kring.clock.forward(hours=1)
    scene.kring = scene.kring.again()


def _backup(scene: Scene, service: str) -> Backup:
    engine = make_engine(scene.kring.databases[service])
    with engine.connect() as connection:
        rows = {
            table: [row._asdict() for row in connection.execute(table.select())]
            for table in TABLES[service].sorted_tables
        }
    engine.dispose()
    return rows


def _put_back(scene: Scene, service: str, kept: Backup) -> None:
    engine = make_engine(scene.kring.databases[service])
    with engine.begin() as connection, unfenced(connection):
        for table in reversed(kept):
            connection.execute(table.delete())
        for table, rows in kept.items():
            if rows:
                connection.execute(table.insert(), rows)
    engine.dispose()


LOST = [
    Injection("a projection is lost", projection_lost),
    *(
        Injection(f"an old backup of {service} is put back", partial(restored, service=service))
        for service in ("registration", "notifications")
    ),
]
