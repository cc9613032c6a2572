"""What invented participants tell, and what invented visitors think of a page."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from services.catalog.actions.judge_page import judge_page
from services.catalog.actions.judge_story import publish_story
from services.catalog.actions.tell_story import tell_story
from services.catalog.queries.feedback import opinions_per_page
from services.catalog.queries.stories import lock_story, story_by_id
from services.catalog.rules.stories import Kind, StoryDetails, Teller
from shared.db.transaction import Database
from shared.people.pseudonyms import Pseudonyms


@dataclass(frozen=True, kw_only=True)
class DemoStory:
    """A story that never happened, as somebody would hand it in."""

    kind: Kind
    title: Mapping[str, str]
    text: Mapping[str, str]
    theme: str
    region: str
    organisation: str
    name: str = ""
    published: bool = True


STORIES = (
    DemoStory(
        kind="small-step",
        title={"nl": "Vergaderen zonder wegwerpbekers", "en": "Meetings without throw-away cups"},
        text={
            "nl": "Wij vroegen onze cateraar om glazen en kopjes. Dat stond niet in het contract, maar het kon wel.\n\n"
            "Het scheelt ons elke maand vier zakken afval. (Dit verhaal is een voorbeeld.)",
            "en": "We asked our caterer for glasses and cups. It was not in the contract, but it could be done.\n\n"
            "It saves us four bags of waste a month. (This story is an example.)",
        },
        theme="circulair",
        region="PV26",
        organisation="Gemeente Voorbeeldstad",
        name="Chaima Verzonnen",
    ),
    DemoStory(
        kind="big-step",
        title={"nl": "Eerst vragen wat de markt kan"},
        text={
            "nl": "Voor de fietsbrug nodigden wij vijf aannemers uit vóór wij iets opschreven. Twee van hen kwamen met "
            "hout in plaats van beton.\n\nDe inkoper, de projectleider en de wethouder zaten aan dezelfde tafel. Dat "
            "deden wij voor het eerst, en nu altijd. (Dit verhaal is een voorbeeld.)"
        },
        theme="innovatie",
        region="PV30",
        organisation="Waterschap De Proef",
    ),
    DemoStory(
        kind="success",
        title={"nl": "Zes vakmensen in dienst bij het groenbeheer"},
        text={
            "nl": "Social return stond bij ons in elk bestek, maar niemand keek ernaar. Wij spraken af dat de "
            "opzichter er elk kwartaal naar vraagt.\n\n"
            "Na een jaar zijn zes mensen in vaste dienst. (Dit verhaal is een voorbeeld.)"
        },
        theme="social-return",
        region="PV25",
        organisation="Gemeente Fictief",
        name="Otto Bedacht",
    ),
    DemoStory(
        kind="small-step",
        title={"nl": "De klimaatvraag in onze leidraad"},
        text={"nl": "Elke aanvraag begint nu met de vraag: kan het ook met minder? (Dit verhaal is een voorbeeld.)"},
        theme="klimaat",
        region="PV28",
        organisation="",
        name="Femke Testpersoon",
        published=False,
    ),
)

OPINIONS = (
    ("/meetings", "yes", ""),
    ("/meetings", "yes", ""),
    ("/meetings", "no", "Ik zocht alleen bijeenkomsten in de avond. (voorbeeld)"),
    ("/manifest", "yes", ""),
    ("/registration/meetings/{slug}", "yes", "Dat ging snel. (voorbeeld)"),
)
"""A page, whether somebody was satisfied with it, and why."""


def story_id(number: int) -> str:
    """The id of one of ``STORIES``, the same in every demonstration."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"demonstration story {number}"))


def load_stories(database: Database) -> None:
    """Tell all stories, publish all but those that wait for an editor, and judge some pages; twice is once."""
    with database.begin() as tx:
        for number, told in enumerate(STORIES):
            if story_by_id(tx.session, story_id(number)):
                continue
            details = StoryDetails(
                kind=told.kind,
                title=told.title,
                text=told.text,
                theme=told.theme,
                region=told.region,
                organisation=told.organisation,
            )
            tell_story(tx, story_id(number), details, Teller(name=told.name, named=bool(told.name)))
            story = lock_story(tx.session, story_id(number))
            if story and told.published:
                publish_story(tx, story, Pseudonyms(()))
        if not opinions_per_page(tx.session, 1):
            for page, satisfied, words in OPINIONS:
                judge_page(tx, page, words, satisfied=satisfied == "yes")
