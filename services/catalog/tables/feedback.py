"""What visitors think of a page; and apart from it, who may be approached for research.

Nothing leads from one to the other: no visitor, no moment, no order. Of a consent only the month is kept in which it
ends.
"""

from sqlalchemy import Boolean, Column, Date, Index, String, Table, Text

from services.catalog.tables.foundation import metadata
from shared.db.base import personal

opinion = Table(
    "opinion",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("page", String(200), nullable=False),
    Column("satisfied", Boolean, nullable=False),
    Column(
        "words",
        Text,
        nullable=False,
        **personal("to better the page, should someone be named in it", ground="consent", keep="12 months"),
    ),
    Column("given_on", Date, nullable=False),
    Index("ix_opinion_page_given_on", "page", "given_on"),
)

research_contact = Table(
    "research_contact",
    metadata,
    Column("id", String(32), primary_key=True),
    Column(
        "email",
        String(254),
        nullable=False,
        unique=True,
        **personal(
            "to be asked to take part in research about these pages",
            ground="consent",
            seen_by="programme managers",
            keep="%(research)s at most, or until it is withdrawn",
        ),
    ),
    Column("language", String(2), nullable=False),
    Column("ends_on", Date, nullable=False),
)
