"""A few pieces of knowledge and two invented experts, so that each kind can be seen."""

from datetime import date, timedelta

from services.catalog.actions.attach_file import attach_file
from services.catalog.actions.draft_knowledge import draft_knowledge
from services.catalog.actions.keep_expert import keep_expert
from services.catalog.actions.publish_knowledge import publish_knowledge
from services.catalog.queries.experts import experts
from services.catalog.queries.knowledge import item_by_id, item_by_slug, meetings_called
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.experts import ExpertDetails
from services.catalog.rules.files import FileDetails, SentFile
from services.catalog.rules.knowledge import ItemDetails
from services.catalog.rules.meeting import in_language
from services.catalog.rules.slug import slug_of
from shared.db.transaction import Database, Transaction

_TIED_TO = "werkbezoek-circulair-verbouwen"


def load_knowledge(database: Database, addresses: Addresses, first_start: date) -> None:
    """Publish what is not there yet; the first piece goes with a meeting of the programme, and so does an expert."""
    with database.begin() as tx:
        meetings = tuple(meetings_called(tx.session, [_TIED_TO]).values())
        for details in (*_pieces(first_start, meetings), *_schemes(first_start)):
            _load(tx, details)
        _load_plan(tx, addresses)
        if not experts(tx.session):
            for expert in _experts(first_start, meetings):
                keep_expert(tx, expert)


def _load(tx: Transaction, details: ItemDetails) -> None:
    if not item_by_slug(tx.session, slug_of(in_language(details.title, "nl"), ())):
        publish_knowledge(tx, draft_knowledge(tx, details))


def _load_plan(tx: Transaction, addresses: Addresses) -> None:
    """A document with a file of its own."""
    title = {"nl": "Actieplan van een gemeente (voorbeeld)"}
    if item_by_slug(tx.session, slug_of(title["nl"], ())):
        return
    summary = {"nl": "Eén bladzijde om mee te beginnen."}
    item = draft_knowledge(tx, ItemDetails(kind="document", title=title, summary=summary, themes=("klimaat",)))
    named = FileDetails(title={"nl": "Het actieplan"})
    attach_file(tx, item, named, SentFile("Actieplan.pdf", _plan()), addresses)
    publish_knowledge(tx, item_by_id(tx.session, item.id) or item)


def _plan() -> bytes:
    from fpdf import FPDF  # noqa: PLC0415  # a sixth of the memory that a start takes: only the first one needs it

    pdf = FPDF()
    pdf.set_title("Actieplan (voorbeeld)")
    pdf.add_page()
    pdf.set_font("helvetica", size=14)
    pdf.multi_cell(
        0, 9, "Actieplan (voorbeeld)\n\n1. Dit jaar: alle nieuwe uitvragen circulair.\n2. Volgend jaar: meten."
    )
    return bytes(pdf.output())


def _pieces(first_start: date, meetings: tuple[str, ...]) -> tuple[ItemDetails, ...]:
    return (
        ItemDetails(
            kind="question",
            title={"nl": "Is circulair verbouwen duurder?", "en": "Does circular renovation cost more?"},
            body={
                "nl": "Soms bij de start, vaak niet over de hele levensduur. (Dit antwoord is een voorbeeld.)\n\n"
                "- Reken met onderhoud en restwaarde.\n- Vraag de aannemer naar **vrijkomend materiaal**.",
                "en": "Sometimes at the start, often not over the whole life span. (This answer is an example.)\n\n"
                "- Count maintenance and what is left in the end.\n- Ask the contractor for **reclaimed material**.",
            },
            themes=("circulair",),
            meetings=meetings,
        ),
        ItemDetails(
            kind="guide",
            title={"nl": "In vijf stappen naar een eerlijke uitvraag (voorbeeld)"},
            summary={"nl": "Van behoefte tot contract, op één bladzijde."},
            body={
                "nl": "# Stappen\n\n1. Wat is nodig?\n2. Wie weet er meer?\n3. Wat telt mee?\n4. Vraag uit.\n5. Volg."
            },
            themes=("ketenverantwoordelijkheid", "social-return"),
        ),
        ItemDetails(
            kind="criteria",
            title={"nl": "Criteria voor kantoormeubilair (voorbeeld)"},
            summary={"nl": "Eisen en wensen voor lang gebruik en hergebruik."},
            body={"nl": "- Vijf jaar onderdelen leverbaar.\n- Ten minste een kwart hergebruikt materiaal."},
            themes=("circulair", "milieu-en-biodiversiteit"),
        ),
        ItemDetails(
            kind="link",
            title={"nl": "PIANOo over maatschappelijk verantwoord inkopen"},
            summary={"nl": "Het expertisecentrum aanbesteden verzamelt hier wat er over dit onderwerp bekend is."},
            url="https://www.pianoo.nl/nl/themas/maatschappelijk-verantwoord-inkopen",
            source="PIANOo",
            checked_on=first_start,
            themes=("klimaat",),
        ),
    )


def _schemes(first_start: date) -> tuple[ItemDetails, ...]:
    return tuple(
        ItemDetails(
            kind="scheme",
            title={"nl": title},
            summary={"nl": "Een bijdrage in de kosten van klimaatbewust inkopen."},
            body={"nl": "Een gemeente vraagt haar deel aan bij haar provincie. (Deze regeling is een voorbeeld.)"},
            valid_from=first_start + timedelta(days=first_day),
            valid_to=first_start + timedelta(days=last_day),
            themes=("klimaat",),
        )
        for title, first_day, last_day in (
            ("Klimaatenvelop, eerste ronde (voorbeeld)", -500, -140),
            ("Klimaatenvelop, tweede ronde (voorbeeld)", -139, 400),
        )
    )


def _experts(first_start: date, meetings: tuple[str, ...]) -> tuple[ExpertDetails, ...]:
    return (
        ExpertDetails(
            name="Fleur de Verzonnen",
            organisation="Adviesbureau Voorbeeld",
            helps_with={"nl": "Rekenen met levensduur en restwaarde.", "en": "Counting with life span and rest value."},
            themes=("circulair",),
            email="fleur@adviesbureau.example",
            meetings=meetings,
            consented_on=first_start,
        ),
        ExpertDetails(
            name="Karel van Fictie",
            organisation="Waterschap Nergens",
            helps_with={"nl": "Social return in bestekken."},
            themes=("social-return", "diversiteit-en-inclusie"),
            consented_on=first_start,
        ),
    )
