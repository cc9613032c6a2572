"""One life of the three services under a seeded scheduler: people, faults and the clock, one step after the other.

Real code from the doors down to the database and up to the socket; who is next, what travels when, what breaks and who
dies is drawn from the seed. When the steps are over nothing breaks any more, all comes to rest, and is judged.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b
from itertools import count, islice
from pathlib import Path

from sqlalchemy import func, select, update

from services.registration.gate import LARGEST_BATCH
from services.registration.rules.decision import Refused
from services.registration.rules.sign_ups import Answered, Outcome, SignUp
from shared.bus.broker import BrokerAwayError
from shared.db.transaction import ids_from
from shared.service import Part
from tests.simulation.fate import Fate, Ids
from tests.simulation.organiser import GROUPS, Organiser
from tests.simulation.parts import Died, Parts, Processes
from tests.simulation.people import answer_invitation, registered_as
from tests.simulation.post import Letterbox
from tests.simulation.verdict import Afterwards, passed_over, refused_in_vain, rows_of, wrong_in
from tests.simulation.village import Beginning, Village
from tests.simulation.wire import Wire

_MOST_TURNS, _MOST_WAITS = 3000, 100
_MOODS = (1, 1, 2, 4, 0)
_HALF = 0.5
_LONGEST_STORM = 12
_AT_RANDOM = 0.3
_IN_TURN = ("due", "relay", "inbox", "post")
_JUMPS = [1, 1, 5, 20, 61, 61, 600, 3600, 4 * 3600, 26 * 3600]


@dataclass(frozen=True)
class Size:
    """How much happens in a life: people and steps between these, and how many ask at one moment at most.

    ``meetings``: how many there are at most when it begins; ``crowd``: how many times as many people want to come as
    they are for; ``hesitant``: the share of sign-ups by people who would rather not wait, and ask another time.
    """

    people: tuple[int, int]
    steps: tuple[int, int]
    rush: int
    meetings: int = 1
    crowd: int = 1
    hesitant: float = 0.0


SMALL = Size(people=(2, 4), steps=(4, 14), rush=3, hesitant=0.15)
"""What goes wrong at all goes wrong among a few people, and thousands of such lives take a minute."""

LARGE = Size(people=(60, 120), steps=(120, 240), rush=LARGEST_BATCH, meetings=3, crowd=20, hesitant=0.8)
"""For many sign-ups: a stampede on seats that are soon gone. Those of one moment share a transaction, whichever meeting
they want; most are told that it is full, and try again."""


@dataclass(frozen=True)
class Told:
    """What came of a life: what does not hold, and how much happened.

    ``sign_ups`` were asked for, so many of them ``refused`` for want of seats, and ``registered`` are on the books in
    the end. ``trace`` is a hash of all that happened, the same in every run of a seed; ``steps`` say it in words.
    """

    seed: int
    wrong: Sequence[str]
    sign_ups: int
    refused: int
    registered: int
    events: int
    mails: int
    faults: Mapping[str, int]
    trace: str
    steps: Sequence[str]


def live(
    village: Village, seed: int, size: Size = SMALL, *, parts: Parts | None = None, weather: Collection[str] = ()
) -> Told:
    """Live the life of ``seed``: with other ``parts`` than production's, or in a ``weather`` that is sure, if given."""
    fate = Fate(seed, weather)
    beginning = fate.chance.choice(village.beginnings_for(size.people[1], size.meetings))
    village.as_new(beginning)
    with ids_from(Ids(village.clock)):
        return Life(village, beginning, fate, size, parts or Parts()).live()


class Life:
    """The world of one seed, and who may do something in it next."""

    def __init__(self, village: Village, beginning: Beginning, fate: Fate, size: Size, parts: Parts) -> None:
        self.size = size
        self.clock = village.clock
        self.fate = fate
        self.chance = fate.chance
        self.wire = Wire(self.fate)
        self.letterbox = Letterbox(self.fate, self._while_mail_travels)
        self.services = village.services
        self.parts = parts
        self.processes = {
            service.name: Processes(service, self.fate, self.wire, parts, self.letterbox, self.interrupt)
            for service in self.services
        }
        self.answered: set[tuple[str, str]] = set()
        self.sign_ups = 0
        self.refused = 0
        self._told_full: dict[tuple[str, str], str] = {}
        self.problems: list[str] = []
        self._steps_taken: list[str] = []
        self._numbers = count(1)
        self._unanswered: dict[str, tuple[str, SignUp]] = {}
        self._standing_by: Callable[[], object] | None = None
        self._mail_travels = False
        catalog = self.processes["catalog"].database
        self.organiser = Organiser(catalog, self.chance, beginning.meetings, beginning.latest)
        crowd = size.crowd * self.chance.randint(*size.people)
        self.people = [f"p{number}@gemeente.example" for number in range(crowd)]
        self._open_desks()

    def live(self) -> Told:
        """Everything from the first meeting to the verdict."""
        steps, weights = zip(*self._steps().items(), strict=True)
        for step in self.chance.choices(steps, weights, k=self.chance.randint(*self.size.steps)):
            self._note(step.__name__, step())
        self.come_to_rest()
        return self._told()

    def _steps(self) -> dict[Callable[[], object], int]:
        """What can happen next, and how often it does: in one life people leave all the time, in another nobody."""
        usual = {
            self.sign_up: 8,
            self.rush: 4,
            self.act: 5,
            self.reply: 2,
            self.change: 1,
            self.publish: 2 if self.chance.random() < 0.3 else 0,
            self.call_off: 1 if self.chance.random() < 0.1 else 0,
            self.work: 22,
            self.time_passes: 4,
            self.crash: 1 if self.fate.rates["killed"] else 0,
            self.wipe_the_broker: 1 if self.fate.rates["lost"] else 0,
        }
        return {step: weight * self.chance.choice(_MOODS) for step, weight in usual.items()} | {self.sign_up: 6}

    # What people and organisers do

    def sign_up(self) -> object:
        """One person, perhaps while somebody else does something in another process."""
        first, second = self._one_signs_up(), self._one_signs_up(at=1)
        if self.fate.strikes("something comes in between"):
            self._standing_by = second
        outcome = first()
        self.interrupt()
        return outcome

    def rush(self) -> object:
        """Several at the same moment."""
        asked: defaultdict[str, list[SignUp]] = defaultdict(list)
        wanted = self.chance.sample(
            self.organiser.meetings, self.chance.randint(1, min(self.size.meetings, len(self.organiser.meetings)))
        )
        for _ in range(self.chance.randint(2, self.size.rush)):
            asked[self.chance.choice(wanted)].append(self._wish())
        return self._ask(asked)

    def act(self) -> object:
        """Somebody leaves, answers an offer, or is moved up by hand."""
        name, statuses = self.chance.choice(
            [
                ("leave", ("confirmed", "offered", "waitlisted")),
                ("accept", ("offered",)),
                ("decline", ("offered",)),
                ("move up", ("waitlisted",) if self.chance.random() < 0.2 else ()),
            ]
        )
        ids = registered_as(self.processes["registration"].database, statuses)
        if not ids:
            return None
        chosen = self.chance.choice(ids)
        return self._in("registration", lambda: self.desks[0].act(name, chosen), "an act")

    def reply(self) -> object:
        """A calendar answers."""
        processes = self.processes["notifications"]
        return self._in("notifications", lambda: answer_invitation(processes.database, self.chance), "a reply")

    def publish(self) -> object:
        """Another meeting, which people may hear of before registration does."""
        self.organiser.publish(self.chance.randint(*self.size.people), self.clock())
        return len(self.organiser.meetings)

    def change(self) -> object:
        """The organiser moves the meeting, or gives it another plan."""
        return self._in("catalog", lambda: self.organiser.change(self.chance.randint(*self.size.people)), "a change")

    def call_off(self) -> object:
        return self._in("catalog", self.organiser.call_off, "a cancellation")

    def interrupt(self) -> None:
        """What somebody else does at this very moment, if anyone stands by."""
        act, self._standing_by = self._standing_by, None
        if act:
            act()

    # What processes do, and what becomes of them

    def work(self) -> object:
        """Some part of some service takes a turn, most often one that has something to do."""
        busy: list[tuple[str, Part]] = []
        for name, processes in self.processes.items():
            busy += [(name, processes.relay)] if processes.bell.is_there else []
            busy += [(name, processes.inbox)] if self.wire.has_for(name) else []
        if not busy or self.chance.random() < _AT_RANDOM:
            name = self.chance.choice(list(self.processes))
            return self._pulse(name, self.chance.choice(self.processes[name].all))
        return self._pulse(*self.chance.choice(busy))

    def time_passes(self) -> None:
        """From a second to more than a day, but not so long that a meeting begins, or a failing handler is given up."""
        seconds = self.chance.choice(_JUMPS)
        if self.fate.rates["a handler fails"]:
            seconds = min(seconds, 600)
        if self.clock() + timedelta(seconds=seconds) < self.organiser.latest:
            self.clock.forward(seconds=seconds)

    def crash(self) -> None:
        """A process dies between two turns."""
        self._kill(self.chance.choice(list(self.processes)))

    def wipe_the_broker(self) -> None:
        """Its queues are declared again a while later, or at the latest when all is to be well."""
        if not self.fate.calm:
            self.wire.wipe()
        if self.chance.random() < 0.5:
            self.wire.declare()

    def come_to_rest(self) -> None:
        """What happened is told and done, under faults for a while yet, and then without any."""
        storm = self.chance.randint(0, _LONGEST_STORM)
        in_vain: dict[tuple[str, str], datetime] = {}
        waits = 0
        for turn in range(_MOST_TURNS):
            if turn == storm:
                self._become_calm()
            now, moments = self.clock(), self._moments()
            ready = [place for place, moment in moments.items() if moment <= now and in_vain.get(place) != now]
            for name, part in ready:
                if not self._pulse(name, self.processes[name].part(part)):
                    in_vain[name, part] = now
            if ready or self._replay():
                continue
            if not moments and self.fate.calm:
                return
            if not moments:
                storm = turn + 1
                continue
            waits += 1
            if waits > _MOST_WAITS:
                break
            later = [moment for moment in moments.values() if moment > now]
            self.clock.now = min(later, default=now + timedelta(seconds=15 + waits)) + timedelta(seconds=1)
        self.problems.append("I8: it never comes to rest")

    def _become_calm(self) -> None:
        """No fault from here on: everyone gets an answer, everything arrives, and what waits is waited for."""
        self.fate.calm = True
        self.wire.declare()
        while self._unanswered:
            asked: defaultdict[str, list[SignUp]] = defaultdict(list)
            for meeting_id, wish in islice(self._unanswered.values(), self.size.rush):
                asked[meeting_id].append(wish)
            self._ask(asked)

    def _moments(self) -> dict[tuple[str, str], datetime]:
        """From when each part of each service has something to do: what is due is done first, and sent on together."""
        found: dict[tuple[str, str], datetime] = {}
        for name, processes in self.processes.items():
            found |= {(name, part): moment for part, moment in processes.waiting_work().items()}
            if self.wire.has_for(name):
                found[name, "inbox"] = self.clock()
        return dict(sorted(found.items(), key=lambda found: _IN_TURN.index(found[0][1])))

    def _replay(self) -> bool:
        """What an operator has done when messages were lost: the journals tell all again from the first of them on."""
        lost, self.wire.lost = self.wire.lost, set()
        if not lost:
            return False
        self.wire.declare()
        for processes in self.processes.values():
            outbox = processes.database.flow.outbox
            first = select(func.min(outbox.c.position)).where(outbox.c.id.in_(lost)).scalar_subquery()
            with processes.database.begin() as tx:
                tx.session.execute(update(outbox).where(outbox.c.position >= first).values(published_at=None))
            processes.bell.ring()
        return True

    def _pulse(self, name: str, part: Part) -> int:
        """One turn; what a broker that is away, and a process that dies, leave undone is done later."""
        processes = self.processes[name]
        rang, processes.bell.is_there = processes.bell.is_there, False
        try:
            done = part.pulse()
        except BrokerAwayError:
            processes.bell.ring()
            return 0 if self.fate.calm else -1
        except Died:
            self._kill(name)
            return -2
        except Exception as error:  # noqa: BLE001  # whatever it is, no fault of ours explains it
            self.problems.append(f"I8: {name}'s {part.name} failed: {type(error).__name__}: {error}")
            return -3
        self._note(f"{name} {part.name}", done)
        if rang and part is not processes.relay:
            processes.bell.ring()
        if part is processes.relay and done:
            processes.bell.ring()
        return done

    def _while_mail_travels(self) -> None:
        """Somebody acts, which is told and makes the mail that travels an old one; and another sender takes a turn."""
        if self._mail_travels:
            return
        self._mail_travels = True
        notifications = self.processes["notifications"]
        try:
            if self.chance.random() < _HALF:
                self.act()
            for name, part in (
                ("registration", self.processes["registration"].relay),
                ("notifications", notifications.inbox),
                ("notifications", notifications.sender()),
            ):
                if self.chance.random() < _HALF:
                    self._pulse(name, part)
        finally:
            self._mail_travels = False

    def _kill(self, name: str) -> None:
        self.processes[name].kill()
        if name == "registration":
            self.problems += passed_over(self.processes[name].database)
            self._open_desks()

    def _open_desks(self) -> None:
        """Two web processes."""
        processes = self.processes["registration"]
        lock = self.parts.lock(self.interrupt)
        self.desks = [
            self.parts.desk(processes.database, lock, self._tell, processes.perhaps_die, self.interrupt)
            for _ in range(2)
        ]

    def _in(self, name: str, act: Callable[[], object], what: str) -> object:
        """What someone does at a door of a service; whoever asks while it dies gets no answer."""
        try:
            return act()
        except Died:
            self._kill(name)
            return "died"
        except Exception as error:  # noqa: BLE001  # nothing that went wrong is a reason for an error page
            self.problems.append(f"I3: {what} was answered with {type(error).__name__}: {error}")
            return "failed"

    # Sign-ups

    def _one_signs_up(self, at: int = 0) -> Callable[[], object]:
        """Somebody new or again, or the one who was left without an answer; ``at`` one web process or another."""
        if self._unanswered and self.chance.random() < 0.5:
            meeting_id, wish = self._unanswered.pop(next(iter(self._unanswered)))
            return partial(self._ask, {meeting_id: [wish]}, at)
        return partial(self._ask, {self.chance.choice(self.organiser.meetings): [self._wish()]}, at)

    def _wish(self) -> SignUp:
        address, number = self.chance.choice(self.people), next(self._numbers)
        return SignUp(
            name=address.partition("@")[0],
            email=address,
            address_key=address,
            target_group=self.chance.choice(GROUPS),
            key=f"key-{number}",
            body_hash=str(number),
            or_nothing=self.chance.random() < self.size.hesitant,
        )

    def _ask(self, asked: Mapping[str, Sequence[SignUp]], at: int = 0) -> object:
        desk = self.desks[at]
        wishes = {str(wish.key): (meeting_id, wish) for meeting_id, wanting in asked.items() for wish in wanting}
        self._unanswered |= wishes
        if len(wishes) == 1:
            ((meeting_id, wish),) = wishes.values()
            answer = self._in("registration", lambda: desk.sign_up(meeting_id, wish), "a sign-up")
        else:
            answer = self._in("registration", lambda: desk.sign_up_together(asked), "a sign-up")
        if answer != "died":
            self.sign_ups += len(wishes)
            for key in wishes:
                self._unanswered.pop(key, None)
            self._look_at_refusals()
        return answer

    def _look_at_refusals(self) -> None:
        """Of whoever was told a moment ago that it is full, once: who asks in another role too hears the same again."""
        told_full = {(meeting_id, group) for (meeting_id, _), group in self._told_full.items()}
        self._told_full.clear()
        self.problems += refused_in_vain(self.processes["registration"].database, told_full)

    def _tell(self, meeting_id: str, wish: SignUp, outcome: Outcome) -> None:
        """Whoever has an answer asks no more."""
        if isinstance(outcome, Answered):
            whose = (meeting_id, wish.address_key)
            self.answered.add(whose)
            for key in [key for key, (where, other) in self._unanswered.items() if (where, other.address_key) == whose]:
                del self._unanswered[key]
        else:
            self.refused += 1
            if outcome == Refused("full"):
                self._told_full.setdefault((meeting_id, wish.address_key), wish.target_group)

    # The end

    def _note(self, name: str, outcome: object) -> None:
        self._steps_taken.append(f"{self.clock():%d %H:%M:%S} {name}: {outcome}")

    def _told(self) -> Told:
        rows = rows_of(self.services)
        state = Afterwards(rows, Path(), self.clock(), self.answered, (), self.letterbox)
        handled = {name: processes.handled for name, processes in self.processes.items()}
        journals = [(each.id, each.type, each.version) for tables in rows.values() for each in tables["outbox"]]
        mails = [(each.key, each.status, each.attempts) for each in rows["notifications"]["outgoing_mail"]]
        people = [(each.id, each.status, each.queue_number) for each in rows["registration"]["registration"]]
        everything = (self._steps_taken, journals, mails, people, handled, self.letterbox.arrived)
        return Told(
            seed=self.fate.seed,
            wrong=[*dict.fromkeys(self.problems), *wrong_in(state, handled)],
            sign_ups=self.sign_ups,
            refused=self.refused,
            registered=len(people),
            events=len(journals),
            mails=len(mails),
            faults=self.fate.struck,
            trace=blake2b(repr(everything).encode(), digest_size=12).hexdigest(),
            steps=self._steps_taken,
        )
