"""For operators: give each service its own role and database on PostgreSQL, closed to the others.

    python -m deploy.databases declare    make or mend them; repeating it changes nothing but a new password

Reads `CATALOG_DATABASE_URL`, `REGISTRATION_DATABASE_URL`, `NOTIFICATIONS_DATABASE_URL` (each service's own
`DATABASE_URL`, with a database that is called like its role) and `DATABASE_ADMIN_URL`, of a role that may make both.
"""

import os
import sys
from collections.abc import Iterable

import psycopg
from sqlalchemy import make_url

from deploy.postgresql import Postgres
from deploy.processes import PARTS


def declare(urls: Iterable[str], server: Postgres) -> None:
    """Take each service's `DATABASE_URL`; make the role and the database that it names, and set its password.

    ValueError for a URL without password, or whose database is not called like its role.
    """
    for url in map(make_url, urls):
        if not (url.username and url.password and url.username == url.database):
            raise ValueError("A DATABASE_URL must read postgresql://NAME:PASSWORD@HOST/NAME, with the same name twice")
        server.grant_service(url.username, str(url.password))


def main(arguments: list[str]) -> int:
    """Do what the command line says; 1 and one line on stderr when it cannot be done."""
    if arguments != ["declare"]:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        urls = [os.environ[f"{service.upper()}_DATABASE_URL"] for service in PARTS]
        declare(urls, Postgres(os.environ["DATABASE_ADMIN_URL"]))
    except KeyError as missing:
        print(f"{missing.args[0]} is not set", file=sys.stderr)
        return 1
    except (ValueError, psycopg.Error) as failure:
        print(str(failure).strip() or type(failure).__name__, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
