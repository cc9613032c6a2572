"""The whole language between the services: what each event carries, and how it is written on the wire.

Importing this package registers every event; ``contract.CONTRACTS`` then knows them by type.
"""

from shared.events import catalog, erasure, notifications, registration, replay, sparring
from shared.events.contract import CONTRACTS, Contract, contract_of

__all__ = [
    "CONTRACTS",
    "Contract",
    "catalog",
    "contract_of",
    "erasure",
    "notifications",
    "registration",
    "replay",
    "sparring",
]
