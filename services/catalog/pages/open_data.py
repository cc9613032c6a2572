"""All meetings as open data: for everyone to take, as CSV and JSON, with a description for data portals."""

import json
from collections.abc import Iterator

from flask import Blueprint, Response, current_app, jsonify, render_template

from services.catalog import queries
from services.catalog.queries.published import all_listed
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.open_data import FIELDS, LICENCES, Licence, cells, record
from shared.cells import CSV_TYPE, csv_lines
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.release import RELEASED_ON
from shared.times import utc_text
from shared.web.access import verb
from shared.web.app import settings_of
from shared.web.cors import open_to_other_sites


def open_data_pages(database: Database, addresses: Addresses, licence: Licence) -> Blueprint:
    """``/open-data``, ``/open-data/meetings.csv``, ``.json`` and ``/open-data/dataset.jsonld`` (DCAT)."""
    pages = Blueprint("open_data", __name__, url_prefix="/open-data")
    licence_name, licence_url = LICENCES[licence]

    @pages.get("")
    @verb("page.read")
    def about() -> str:
        return render_template(
            "catalog/open_data.html",
            fields={name: _(said) for name, said in FIELDS.items()},
            licence_name=licence_name,
            licence_url=licence_url,
            base_url=addresses.base_url,
            updated_on=RELEASED_ON,
        )

    @pages.get("/meetings.csv")
    @verb("feed.read")
    def as_csv() -> Response:
        rows = (cells(record(meeting, addresses)) for meeting in all_listed(database))
        return streamed(csv_lines(list(FIELDS), rows, "en"), CSV_TYPE, "csv")

    @pages.get("/meetings.json")
    @verb("feed.read")
    def as_json() -> Response:
        records = (record(meeting, addresses) for meeting in all_listed(database))
        return streamed(_json_lines(records), "application/json", "json")

    @pages.get("/dataset.jsonld")
    @verb("feed.read")
    def dataset() -> Response:
        response = jsonify(described())
        response.mimetype = "application/ld+json"
        return open_to_other_sites(response)

    def streamed(lines: Iterator[bytes], content_type: str, form: str) -> Response:
        """An answer that is made while it is sent; its ETag is weak, since changes may come in meanwhile."""
        with database.reading() as session:
            version = queries.catalogue_version(session)
        response = Response(lines, content_type=content_type)
        response.implicit_sequence_conversion = False  # nobody gathers the lines to count them
        response.set_etag(f"{version.version}-{form}", weak=True)
        response.last_modified = version.changed_at
        response.headers["Link"] = f'<{licence_url}>; rel="license"'
        response.headers["Cache-Control"] = "public, max-age=900"
        return open_to_other_sites(response)

    def described() -> dict[str, object]:
        """The data set as data portals know them (DCAT 3, DCAT-AP-NL)."""
        here = f"{addresses.base_url}/open-data"
        with database.reading() as session:
            changed_at = queries.catalogue_version(session).changed_at
        return {
            "@context": {
                "dcat": "http://www.w3.org/ns/dcat#",
                "dct": "http://purl.org/dc/terms/",
                "foaf": "http://xmlns.com/foaf/0.1/",
            },
            "@id": here,
            "@type": "dcat:Dataset",
            "dct:title": [{"@value": "Bijeenkomsten", "@language": "nl"}, {"@value": "Meetings", "@language": "en"}],
            "dct:description": [
                {"@value": "Alle openbare bijeenkomsten van het netwerk, ook voorbije.", "@language": "nl"},
                {"@value": "All public meetings of the network, past ones too.", "@language": "en"},
            ],
            "dct:license": {"@id": licence_url},
            "dct:modified": utc_text(changed_at),
            "dct:publisher": {
                "@type": "foaf:Agent",
                "@id": addresses.base_url,
                "foaf:name": settings_of(current_app).site_name,
            },
            "dcat:landingPage": {"@id": here},
            "dcat:distribution": [
                {
                    "@type": "dcat:Distribution",
                    "dcat:downloadURL": {"@id": f"{here}/meetings.{form}"},
                    "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media_type}"},
                    "dct:license": {"@id": licence_url},
                }
                for form, media_type in (("csv", "text/csv"), ("json", "application/json"))
            ],
        }

    return pages


def _json_lines(records: Iterator[dict[str, object]]) -> Iterator[bytes]:
    """A JSON array, an element a line."""
    yield b"["
    between = "\n"
    for each in records:
        yield f"{between}{json.dumps(each, ensure_ascii=False)}".encode()
        between = ",\n"
    yield b"\n]\n"
