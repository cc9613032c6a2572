"""The cells of the access matrix: what is expected of each, and what really happens."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.test import TestResponse

from shared.people.roles import Thing, is_public, may
from shared.service import Service
from shared.web.access import PERSON_SIGN_IN_PAGE, SIGN_IN_PAGE, verb_of
from tests.access.house import PEOPLE, House, nothing_lasts
from tests.access.things import Place
from tests.access.visitors import Visitor

SENT_AWAY = (SIGN_IN_PAGE, PERSON_SIGN_IN_PAGE, "/registration/mine", "/registration/my-data")
AT_PUBLIC_DOORS = {"anyone", "who lost their key", "organiser of elsewhere", "person"}
TYPED = {"name": "Reeks here", "days": "7"}
"""What is typed into every form: enough to be asked who one is; most of it is then refused as input."""


@dataclass(frozen=True)
class Cell:
    """One visitor at one route about one thing; without a thing: about any."""

    method: str
    rule: str
    address: str
    verb: str
    thing: Thing | None
    place: Place
    visitor: Visitor

    def expected(self, service: Service) -> bool:
        """Whether the visitor comes past the door."""
        if self.visitor.is_turned_away(service, self.address):
            return False
        actor = self.visitor.actor(service)
        return all(may(actor, verb, self.thing) for verb in (self.verb, ALSO.get(self.verb, self.verb)))

    @property
    def key(self) -> str:
        return f"{self.method} {self.rule}"

    def __str__(self) -> str:
        return f"{self.key} ({self.verb}) {self.place.name}: {self.visitor.name}"


ALSO: Mapping[str, str] = {"file.change": "meeting.change"}
"""Whose thing decides for one verb more: the files here hang on meetings."""

LEADS_THERE = {"sign-in.use", "sign-out.use"}
"""What ends at the page where one signs in, or leads on from there."""

NOT_YET = {"GET /registration/mine/r/<registration_id>/story", "POST /registration/mine/r/<registration_id>/story"}
"""What is there only after the meeting."""


def cells(house: House, service: Service, everyone: Sequence[Visitor], under: str = "/") -> Iterator[Cell]:
    """All of one service, of its routes ``under`` an address; what is public is asked only by some, about what is here.

    Who shows something that this service knows nothing of is left out: it sees anyone.
    """
    come = [visitor for visitor in everyone if service.name in visitor.actors or not visitor.actors]
    some = [visitor for visitor in come if visitor.name in AT_PUBLIC_DOORS]
    for rule in (rule for rule in service.app.url_map.iter_rules() if rule.rule.startswith(under)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            verb = str(verb_of(service.app, rule, method))
            addresses = house.cases(rule.rule)
            for address, place, named in addresses[:1] if is_public(verb) else addresses:
                thing = place.thing(verb, named) if named and not is_public(verb) else None
                for visitor in some if is_public(verb) else come:
                    yield Cell(method, rule.rule, address, verb, thing, place, visitor)


@dataclass
class Outcome:
    """What was found at all cells of a service: how many there are, which were answered otherwise than expected, and
    the routes at which nobody met a thing that is theirs: their cells prove nothing."""

    count: int = 0
    wrong: list[str] = field(default_factory=list)
    empty: set[str] = field(default_factory=set)


def asked(house: House, service: Service, everyone: Sequence[Visitor], under: str = "/") -> Outcome:
    """Ask at every cell, so that nothing lasts."""
    found, met = Outcome(), set()
    with nothing_lasts(service):
        for cell in cells(house, service, everyone, under):
            answer, is_expected = cell.visitor.ask(service, cell.method, cell.address, TYPED), cell.expected(service)
            is_let_in = not is_refused(cell, answer) and answer.status_code != 404  # RFC 9110
            if (
                answer.status_code >= 500
                or (is_let_in and not is_expected)
                or (is_refused(cell, answer) and is_expected)
            ):
                found.wrong.append(f"{cell} is answered {answer.status_code}")
            if not is_expected and any(name in answer.get_data(as_text=True) for name in PEOPLE):
                found.wrong.append(f"{cell} is told of somebody")
            found.count += 1
            if is_expected and cell.thing:
                found.empty.add(cell.key)
                met |= {cell.key} if is_let_in else set()
    found.empty -= met | NOT_YET
    return found


def is_refused(cell: Cell, answer: TestResponse) -> bool:
    """401, 403, or sent away to show who one is (RFC 9110); who signs in or out is led there all the same."""
    is_sent_away = (answer.location or "").partition("?")[0] in SENT_AWAY and cell.verb not in LEADS_THERE
    return answer.status_code in {401, 403} or (answer.status_code == 303 and is_sent_away)
