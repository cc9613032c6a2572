"""What is not set is chosen for one machine: SQLite, an in-process broker, mail in folders, secrets made once.

So ``make run`` needs no setting at all, and a command given beside it (``python -m services.registration keys add``)
finds the same files. Where a database or a broker is named, nothing is chosen: production says everything itself.
"""

import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

DATA = "KRING_DATA"
"""The folder of the embedded run; ``./data`` if not set."""


def with_defaults(given: Mapping[str, str], service: str) -> dict[str, str]:
    """The environment of ``service``: ``given``, and what it leaves open chosen for one machine.

    ``given`` comes back unchanged where it names a ``DATABASE_URL`` or a ``BROKER_URL``. Where three services share an
    environment, each finds its own database by its own name (``database_setting``).
    """
    if given.get("DATABASE_URL") or given.get("BROKER_URL"):
        return dict(given)
    folder = data_folder(given)
    secret_key, link_key = _secrets(folder / "secret")
    chosen = {
        "BASE_URL": f"http://127.0.0.1:{given.get('PORT') or 8000}",
        "DATABASE_URL": f"sqlite:///{folder / service}.sqlite",
        "BROKER_URL": "memory://",
        "MAIL_URL": f"folder:{folder / 'mail'}",
        "REPLIES_URL": f"folder:{folder / 'mail' / 'replies'}",
        "MAIL_DOMAIN": "kring.example",
        "SECRET_KEY": secret_key,
        "LINK_KEYS": link_key,
        "ERASURE_KEYS": erasure_key(link_key),
    }
    own = {"DATABASE_URL": given.get(database_setting(service), "")}
    return chosen | {name: value for name, value in {**own, **given}.items() if value}


def database_setting(service: str) -> str:
    """What ``DATABASE_URL`` of ``service`` is called where three services share an environment."""
    return f"{service.upper()}_DATABASE_URL"


def erasure_key(link_key: str) -> str:
    """The key of the ledger of erasures for one machine: made from the link key, which it does not give away."""
    return sha256(f"kring erasure key:{link_key}".encode()).hexdigest()


def data_folder(given: Mapping[str, str]) -> Path:
    """Where the embedded run keeps its files: made if it is not there, and then closed to others of this machine."""
    folder = Path(given.get(DATA) or "data").resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _secrets(file: Path) -> tuple[str, str]:
    """The secret key and the link key in ``file``, made at the first start; only its owner may read it."""
    if not file.exists():
        draft = file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(f"{secrets.token_urlsafe(48)}\n{secrets.token_urlsafe(48)}\n")
        try:
            os.link(draft, file)  # whoever is first decides; a second process reads the first one's
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    secret_key, link_key = file.read_text().split()
    return secret_key, link_key
