"""A hole that was planted: a route that asks whether someone may see any draft, and then shows this one."""

from collections.abc import Sequence

from flask import Blueprint

from services.catalog import app as catalog
from services.catalog.settings import read_settings
from shared.web.access import verb
from tests.access.cells import asked
from tests.access.house import House
from tests.access.visitors import Visitor

holes = Blueprint("holes", __name__)


@holes.get("/holes/meetings/<meeting_id>")
@verb("draft.read")
def asks_about_no_meeting(meeting_id: str) -> str:
    return meeting_id


def test_the_matrix_finds_who_comes_past_a_door_that_forgot_to_ask(house: House, everyone: Sequence[Visitor]) -> None:
    planted = catalog.build(read_settings(house.kring.environments["catalog"]), clock=house.kring.clock)
    planted.app.register_blueprint(holes)
    found = asked(house, planted, everyone, "/holes/")
    strangers = {"here": {"organiser of elsewhere"}, "elsewhere": {"organiser", "program that reads meetings"}}
    strangers = {where: {*who, "organiser without a region"} for where, who in strangers.items()}
    holes_found = [
        f"GET /holes/meetings/<meeting_id> (draft.read) {where}: {who} is answered 200"
        for where, names in strangers.items()
        for who in names
    ]
    assert sorted(found.wrong) == sorted(holes_found)
    planted.database.engine.dispose()
