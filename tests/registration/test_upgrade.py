"""A database of an earlier version comes along with all that is in it."""

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from sqlalchemy import select

from services import registration
from services.registration.tables import organiser, sign_in_link
from shared.db.engine import make_engine
from shared.db.migrations import configuration, migrate

SCRIPTS = Path(registration.__file__).parent / "migrations"


def test_a_table_that_others_refer_to_is_made_anew_and_keeps_its_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'registration.sqlite'}"
    command.upgrade(configuration(SCRIPTS, url), "0015")
    now = datetime.now(UTC)
    person = {"id": "one", "address_key": "a@b.example", "email": "a@b.example", "role": "manager", "regions": []}
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(organiser.insert(), person | {"created_at": now})
        connection.execute(sign_in_link.insert(), {"id": "link", "person_id": "one", "valid_until": now, "used": False})

    migrate(SCRIPTS, url)

    with engine.connect() as connection:
        assert connection.scalars(select(organiser.c.id)).all() == ["one"]
        assert connection.scalars(select(sign_in_link.c.person_id)).all() == ["one"]
    engine.dispose()
