"""How the services of a simulation are set up."""

from services.catalog.rules.addresses import Addresses
from services.notifications.rules.addresses import OurAddresses
from tests.journeys.kring import BASE_URL, MANAGER_KEY

KEY = "k" * 20 + "0123456789abcdef"
ADDRESSES = Addresses(BASE_URL, (KEY,))
OURS = OurAddresses("kring.example", "reply+{token}@kring.example", (KEY,))


def file_of(service: str) -> str:
    """The database of ``service``, in the memory of this process."""
    return f"file:/simulated-{service}?vfs=memdb"


def environment_of(service: str) -> dict[str, str]:
    """The settings of ``service``."""
    return {
        "BASE_URL": BASE_URL,
        "DATABASE_URL": f"sqlite:///{file_of(service)}&uri=true",
        "BROKER_URL": "memory://village",
        "SECRET_KEY": KEY,
        "LINK_KEYS": KEY,
        "ERASURE_KEYS": KEY,
        "MAIL_URL": "folder:nowhere",
        "MAIL_DOMAIN": "kring.example",
        "KRING_MANAGER_KEY": MANAGER_KEY,
        "LIMITS": "off",
    }
