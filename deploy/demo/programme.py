"""Invented meetings, shaped after the kind of meetings such a network holds; dated from the first start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

TUESDAY, THURSDAY = 1, 3


@dataclass(frozen=True, kw_only=True)
class DemoMeeting:
    """One meeting of the programme; ``weeks`` from the first start, ``signed_up`` people per target group."""

    weeks: int
    starts: time
    ends: time
    title: str
    title_en: str
    summary: str
    town: str
    region: str
    groups: tuple[str, ...]
    capacity: int
    signed_up: Mapping[str, int]
    themes: tuple[str, ...] = ()
    reserved: Mapping[str, int] = field(default_factory=dict)
    maximum: Mapping[str, int] = field(default_factory=dict)
    online: bool = False
    cancelled: str = ""

    @property
    def is_past(self) -> bool:
        """Whether it was held before the first start."""
        return self.weeks < 0

    def facts(self, first_start: date) -> dict[str, Any]:
        """The meeting as the API takes it; times are local in Amsterdam."""
        on = _weekday(first_start + timedelta(weeks=self.weeks), THURSDAY if self.weeks % 2 else TUESDAY)
        return {
            "title": {"nl": self.title, "en": self.title_en},
            "summary": {"nl": self.summary},
            "startsAt": datetime.combine(on, self.starts).isoformat(),
            "endsAt": datetime.combine(on, self.ends).isoformat(),
            "timeZone": "Europe/Amsterdam",
            "region": self.region,
            "targetGroups": list(self.groups),
            "themes": list(self.themes),
            "organiser": {"name": "Programmabureau (voorbeeld)", "email": "programma@kring.example"},
            "contact": {"name": "Programmabureau (voorbeeld)", "email": "programma@kring.example"},
            "seatPlan": {
                "capacity": self.capacity,
                "reserved": dict(self.reserved),
                "maximum": dict(self.maximum),
            },
            **self._place(),
        }

    def _place(self) -> dict[str, Any]:
        if self.online:
            return {"attendanceMode": "online", "onlineUrl": "https://overleg.kring.example/voorbeeld"}
        return {
            "attendanceMode": "offline",
            "venue": {
                "name": f"Vergadercentrum {self.town} (voorbeeld)",
                "address": "Voorbeeldplein 1",
                "postalCode": "1234 AB",
                "city": self.town,
            },
        }


def _weekday(day: date, weekday: int) -> date:
    """The first such weekday on or after ``day`` (Monday is 0)."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


PROGRAMME = (
    DemoMeeting(
        weeks=-6,
        starts=time(13, 0),
        ends=time(17, 0),
        title="Slotbijeenkomst biobased producten in de openbare ruimte",
        title_en="Closing meeting: bio-based products in public space",
        summary="Wat leverden de proeven op, en hoe maken we er gewoon beleid van?",
        town="Bergen op Zoom",
        region="PV30",
        groups=(),
        capacity=40,
        signed_up={"inkoper": 9, "projectleider": 6, "bestuurder": 2},
        themes=("circulair",),
    ),
    DemoMeeting(
        weeks=-3,
        starts=time(12, 0),
        ends=time(16, 30),
        title="Kick-off duurzaam grond-, weg- en waterbouw",
        title_en="Kick-off: sustainable civil engineering",
        summary="Lunch, drie korte inleidingen, en daarna samen aan de slag met de eigen projecten.",
        town="Delft",
        region="PV28",
        groups=("projectmanager", "projectleider", "duurzaamheidsadviseur", "inkoper"),
        capacity=30,
        signed_up={"projectmanager": 5, "projectleider": 4, "duurzaamheidsadviseur": 3, "inkoper": 6},
        themes=("klimaat",),
    ),
    DemoMeeting(
        weeks=1,
        starts=time(14, 0),
        ends=time(16, 30),
        title="Werkbezoek circulair verbouwen",
        title_en="Site visit: circular renovation",
        summary="Ontvangst met koffie, rondleiding over de bouwplaats en een gesprek met de aannemer.",
        town="Hoogeveen",
        region="PV22",
        groups=("projectleider", "projectmanager", "inkoper"),
        capacity=15,
        signed_up={"projectleider": 6, "projectmanager": 4, "inkoper": 4},
        themes=("circulair",),
    ),
    DemoMeeting(
        weeks=2,
        starts=time(13, 30),
        ends=time(16, 30),
        title="Inspiratiesessie maatschappelijk verantwoord inkopen Rivierenland",
        title_en="Inspiration session: responsible procurement in Rivierenland",
        summary="Het hoe en wat van maatschappelijk verantwoord inkopen, met voorbeelden uit het land.",
        town="Tiel",
        region="PV25",
        groups=("inkoper", "beleidsmaker"),
        capacity=12,
        reserved={"beleidsmaker": 3},
        signed_up={"inkoper": 13, "beleidsmaker": 2},
        themes=("social-return", "circulair"),
    ),
    DemoMeeting(
        weeks=3,
        starts=time(14, 0),
        ends=time(17, 0),
        title="Masterclass circulair inkopen voor bestuurders",
        title_en="Masterclass on circular procurement for executives",
        summary="Wat vraagt circulair inkopen van een bestuurder? Met opdrachten uit de eigen begroting.",
        town="Utrecht",
        region="PV26",
        groups=("bestuurder",),
        capacity=10,
        signed_up={"bestuurder": 9},
        themes=("circulair",),
    ),
    DemoMeeting(
        weeks=4,
        starts=time(9, 15),
        ends=time(12, 0),
        title="Werkgroep circulair inkopen en opdrachtgeverschap",
        title_en="Working group: circular procurement and commissioning",
        summary="Gezamenlijk duurzaam inkopen in vijf pakketten.",
        town="Haarlem",
        region="PV27",
        groups=("beleidsmaker", "inkoper", "anders"),
        capacity=25,
        signed_up={"beleidsmaker": 4, "inkoper": 5},
        cancelled="De zaal is niet beschikbaar. In het voorjaar is er een nieuwe bijeenkomst.",
    ),
    DemoMeeting(
        weeks=5,
        starts=time(13, 0),
        ends=time(17, 0),
        title="Startbijeenkomst inkopersgroep biobased bruggen",
        title_en="Kick-off of the buyer group on bio-based bridges",
        summary="Een opdrachtgever vertelt over de eerste brug; daarna bepalen we samen de vragen aan de markt.",
        town="Almere",
        region="PV24",
        groups=("budgethouder", "projectleider", "duurzaamheidsadviseur", "inkoper"),
        capacity=24,
        reserved={"budgethouder": 6, "duurzaamheidsadviseur": 4},
        maximum={"inkoper": 10},
        signed_up={"inkoper": 11, "projectleider": 3, "budgethouder": 2},
        themes=("circulair", "innovatie"),
    ),
    DemoMeeting(
        weeks=6,
        starts=time(10, 0),
        ends=time(11, 30),
        title="Webinar: het manifest en uw actieplan",
        title_en="Webinar: the manifest and your action plan",
        summary="Van handtekening naar actieplan in vier stappen. U stelt uw vragen vooraf of tijdens de uitzending.",
        town="",
        region="NL",
        groups=(),
        capacity=200,
        signed_up={"beleidsmaker": 8, "inkoper": 7, "bestuurder": 3, "duurzaamheidsadviseur": 4},
        online=True,
    ),
    DemoMeeting(
        weeks=7,
        starts=time(13, 0),
        ends=time(17, 0),
        title="Provinciaal leernetwerk circulair inkopen: kringlopen sluiten",
        title_en="Provincial learning network: closing the loop",
        summary="Derde bijeenkomst van het leernetwerk. U neemt een eigen opdracht mee en bespreekt die met anderen.",
        town="Maastricht",
        region="PV31",
        groups=("inkoper", "beleidsmaker"),
        capacity=40,
        signed_up={"inkoper": 12, "beleidsmaker": 5},
        themes=("circulair",),
    ),
    DemoMeeting(
        weeks=8,
        starts=time(9, 30),
        ends=time(16, 0),
        title="Marktdag circulair inkopen",
        title_en="Market day on circular procurement",
        summary="Werksessies over producten, diensten, infra, mobiliteit en vastgoed, met ondernemers aan tafel.",
        town="Leeuwarden",
        region="PV21",
        groups=(),
        capacity=80,
        reserved={"inkoper": 20, "bestuurder": 5},
        signed_up={"inkoper": 10, "budgethouder": 4, "projectmanager": 5, "anders": 6},
        themes=("circulair", "innovatie"),
    ),
    DemoMeeting(
        weeks=10,
        starts=time(8, 0),
        ends=time(10, 0),
        title="Ontbijtbijeenkomst social return",
        title_en="Breakfast meeting on social return",
        summary="Een ontbijt, twee praktijkverhalen en stellingen om over door te praten.",
        town="Middelburg",
        region="PV29",
        groups=("beleidsmaker", "inkoper", "budgethouder"),
        capacity=20,
        signed_up={"beleidsmaker": 3, "inkoper": 2},
        themes=("social-return",),
    ),
    DemoMeeting(
        weeks=12,
        starts=time(11, 30),
        ends=time(17, 30),
        title="Netwerkmiddag circulair en innovatiegericht inkopen",
        title_en="Network afternoon: circular and innovative procurement",
        summary="Lunch, een lezing en drie rondes met werksessies: innovatie, circulariteit en milieu-impact meten.",
        town="Den Haag",
        region="PV28",
        groups=("inkoper", "beleidsmaker", "projectleider", "duurzaamheidsadviseur"),
        capacity=60,
        reserved={"duurzaamheidsadviseur": 10},
        signed_up={"inkoper": 14, "duurzaamheidsadviseur": 3},
        themes=("circulair", "innovatie"),
    ),
)
