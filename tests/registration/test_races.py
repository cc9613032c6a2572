"""Two who want the same rows at the same moment, step by step: nobody waits in a circle, and nothing is lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import psycopg
import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import OperationalError

from services.registration.actions.change_details import change_details
from services.registration.actions.check_in import close_attendance
from services.registration.actions.forget_needs import FORGET_NEEDS
from services.registration.actions.note_invitation import note_invitation
from services.registration.actions.set_standing import Act
from services.registration.actions.settle import lock_meeting
from services.registration.actions.sign_up import sign_up
from services.registration.actions.tell_seats import TELL, tell_seats
from services.registration.rules.sign_ups import SignUp
from services.registration.tables import flow, registration
from shared.db.due import plan
from shared.db.transaction import new_id
from shared.events.catalog import RegistrationTerms
from shared.events.notifications import InvitationSent
from tests.builders import NOON
from tests.registration.conftest import World, id_of, status_of
from tests.waiting import eventually

pytestmark = pytest.mark.parametrize("ground", ["servers"], indirect=True)

ACT = Act(name="act", cause="organiser", by="somebody")


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    """Somebody else, at the same moment."""
    with ThreadPoolExecutor(1) as thread:
        yield thread


def somebody_waits(world: World) -> bool:
    """Whether a transaction waits for a row that another one holds."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with world.service.database.reading() as session:
        return bool(session.scalar(text(waiting)))


def invited(world: World, name: str) -> InvitationSent:
    return InvitationSent(
        invitation_id=new_id(), registration_id=id_of(world, name), sequence=0, method="REQUEST", sent_at=NOON
    )


def test_news_of_invitations_never_waits_for_an_act_that_may_wait_for_it(
    world: World, other: ThreadPoolExecutor
) -> None:
    facts = world.publish(target_groups=())
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name)
    world.clock.now = NOON

    def close() -> None:
        with world.service.database.begin() as tx:
            close_attendance(tx, facts.id, ACT)

    with world.service.database.begin() as tx:
        note_invitation(tx, invited(world, "Bram"))
        closing = other.submit(close)  # has Anna, and waits for Bram
        eventually(lambda: somebody_waits(world))
        with pytest.raises(OperationalError) as refused, tx.attempt():
            note_invitation(tx, invited(world, "Anna"))  # is tried again later

    closing.result()
    assert isinstance(refused.value.orig, psycopg.errors.LockNotAvailable)
    assert [status_of(world, name) for name in ("Anna", "Bram")] == ["no_show", "no_show"]


def test_erasing_waits_for_an_act_and_the_act_never_for_the_erasing(world: World, other: ThreadPoolExecutor) -> None:
    facts = world.publish(target_groups=(), registration=RegistrationTerms(ask_access=True))
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name, needs={"access": "Ringleiding"})
    ids = [id_of(world, name) for name in ("Bram", "Anna")]
    world.do_what_is_due()
    with world.service.database.begin() as tx:
        plan(tx, FORGET_NEEDS, facts.id, tx.now)

    with world.service.database.begin() as tx:
        lock_meeting(tx, facts.id)
        change_details(tx, ids[0], {"note": "komt later"}, ACT)
        erasing = other.submit(world.do_what_is_due)
        eventually(lambda: somebody_waits(world))
        change_details(tx, ids[1], {"note": "komt later"}, ACT)

    erasing.result()
    with world.service.database.reading() as session:
        rows = session.execute(select(registration.c.needs, registration.c.note)).all()
    assert rows == [({}, "komt later")] * 2


def test_who_signs_up_while_the_figures_are_told_is_told_after_that(world: World, other: ThreadPoolExecutor) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    decided, commit = Event(), Event()
    bram = SignUp(name="Bram", email="b@gemeente.example", address_key="b@gemeente.example", target_group="inkoper")

    def join() -> None:
        with world.service.database.begin() as tx:
            lock_meeting(tx, facts.id)
            sign_up(tx, facts.id, [bram])
            decided.set()
            commit.wait(20)

    with world.service.database.begin() as tx:  # what due work does, with Bram in the middle of it
        due = (flow.due.c.kind == TELL, flow.due.c.subject == facts.id)
        tx.session.execute(select(flow.due).where(*due).with_for_update())
        joining = other.submit(join)
        eventually(lambda: decided.is_set() or somebody_waits(world))
        tx.session.execute(delete(flow.due).where(*due))
        tell_seats(tx, facts.id)
    commit.set()
    joining.result()
    world.clock.now += timedelta(seconds=2)
    world.do_what_is_due()

    assert [said.taken for said in world.told("seats.changed")] == [1, 2]
