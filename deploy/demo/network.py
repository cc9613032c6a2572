"""Who of the demonstration takes part in the network: the first dozen who have a seat, always with the same words."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, select

from deploy.demo.people import DemoPerson
from services.registration.actions.answer_spar import answer_spar
from services.registration.actions.ask_to_spar import Wish, ask_to_spar
from services.registration.actions.bring_question import Brought, bring_question
from services.registration.actions.keep_profile import Profile, keep_profile
from services.registration.actions.report_person import report_person
from services.registration.queries.network import last_part_of, profile_of
from services.registration.queries.network_reports import open_reports
from services.registration.queries.references import region_of
from services.registration.queries.sparring import pairs_of
from services.registration.rules.addresses import address_key
from services.registration.rules.network import VisibleTo
from services.registration.rules.sparring import accept
from services.registration.tables import profile
from shared.db.transaction import Database, Transaction

_SAID: Final[tuple[tuple[VisibleTo, tuple[str, ...], str, str], ...]] = (
    ("network", ("circulair",), "Circulair slopen: hoe u materialen telt voordat de sloper komt.", ""),
    ("network", ("klimaat",), "", "Een voorbeeld van een CO2-eis voor vervoer die ook kleine bedrijven halen."),
    ("network", ("social-return",), "Social return bij kleine opdrachten, met een menukaart.", ""),
    ("region", ("circulair",), "Hergebruikt meubilair inkopen.", "Hoe krijgt u een raad mee?"),
    ("network", ("innovatie",), "Een marktconsultatie houden waar de markt ook iets aan heeft.", ""),
    ("network", ("klimaat", "circulair"), "", "Wie heeft asfalt met een lagere milieulast aanbesteed?"),
    ("meeting", (), "Meelezen met een uitvraag voordat die de deur uit gaat.", ""),
    ("network", ("klimaat",), "CO2-eisen in het vervoer: wat werkte en wat niet.", "Hoe telt u dat bij elkaar op?"),
    ("region", ("social-return",), "", "Een regio die samen een menukaart voor social return maakte."),
    ("network", ("circulair",), "Asfalt aanbesteden op milieulast, met de rekenbladen.", ""),
    ("network", (), "Een bestuurder overtuigen in tien minuten.", "Voorbeelden van een goed begin, klein en goedkoop."),
    ("meeting", ("innovatie",), "", "Met wie kan ik een proef met reststromen opzetten?"),
)  # fmt: skip
"""Whom they open it to, themes, what they can help with and what they look for."""

_BROUGHT: Final = (
    "Hoe telt u hergebruik mee in de prijs?",
    "Wie heeft een voorbeeld van een korte uitvraag die circulair is?",
)
"""Questions that they bring to their meeting."""

_REPORT: Final = "Een voorbeeld van een melding: in dit profiel staat reclame voor een adviesbureau."


def load_network(database: Database, crowd: Iterable[DemoPerson]) -> None:
    """Let a dozen of the crowd take part, and one of them report another; twice is once."""
    with database.begin() as tx:
        ids: list[str] = []
        for person in crowd:
            if len(ids) == len(_SAID):
                break
            ids += _taking_part(tx, person, len(ids))
        if len(ids) > 1 and not open_reports(tx.session):
            report_person(tx, ids[0], ids[-2], _REPORT)
        if len(ids) == len(_SAID):
            _talk(tx, [_profile(tx, each) for each in ids])


def _talk(tx: Transaction, people: Sequence[Row[Any]]) -> None:
    """The second one is asked something, and is going to talk with the first; whoever asked already does not again."""
    first, second, third = people[0], people[1], people[2]
    soon = tx.now.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=7)
    question = Wish(words="Hoe rekent u milieulast mee in de prijs?", times=(soon, soon + timedelta(days=1)))
    ask_to_spar(tx, third, second, question)
    if ask_to_spar(tx, first, second, Wish(words="Welke CO2-eis halen kleine bedrijven wel?", times=(soon,))) is None:
        (talk,) = (pair for pair in pairs_of(tx.session, first) if pair.row.asked_id == second.id)
        answer_spar(tx, talk.row.id, lambda stands: accept(stands, "asked", soon, tx.now), "Telefonisch")
    for registration in (last_part_of(tx.session, each.address_key) for each in people[:6]):
        if registration:
            said = Brought(text=_BROUGHT[len(registration.name) % len(_BROUGHT)], theme="circulair", shared=True)
            bring_question(tx, registration.id, registration.meeting_id, said)


def _profile(tx: Transaction, profile_id: str) -> Row[Any]:
    """The profile with this id."""
    return tx.session.execute(select(profile).where(profile.c.id == profile_id)).one()


def _taking_part(tx: Transaction, person: DemoPerson, number: int) -> list[str]:
    """The profile of somebody who has a seat, with what number so many says."""
    key = address_key(person.email)
    last, known = last_part_of(tx.session, key), profile_of(tx.session, key)
    if known:
        return [known.id]
    if last is None:
        return []
    visible_to, themes, offer, question = _SAID[number]
    said = Profile(
        name=last.name,
        target_group=last.target_group,
        organisation=last.organisation,
        region=region_of(tx.session, last.organisation_id) if last.organisation_id else None,
        themes=themes,
        can_help_with=offer,
        looking_for=question,
        visible_to=visible_to,
        language="nl",
    )
    return [keep_profile(tx, key, last.email, said)]
