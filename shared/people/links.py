"""Signed links instead of stored tokens: a signature over purpose, subject and version, with ``LINK_KEYS``.

Whoever raises the version of the subject revokes every older link. No token stands in an event, a table or a log.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from itsdangerous import BadData, URLSafeSerializer

from shared.times import utc_now


class BadLink(ValueError):  # noqa: N818  # it is not our error, it is the link that is bad
    """Not signed by us for this purpose, or no longer valid."""


@dataclass(frozen=True)
class Link:
    """What a genuine token says. Whether ``version`` is still the current one, its owner knows."""

    subject: str
    version: int


class Links:
    """Signs and reads links: the first of ``keys`` signs, all verify."""

    def __init__(self, keys: Sequence[str], *, clock: Callable[[], datetime] = utc_now) -> None:
        self._keys = list(reversed(keys))  # itsdangerous signs with the last one
        self._clock = clock
        self._serializers: dict[str, URLSafeSerializer] = {}

    def sign(self, purpose: str, subject: str, version: int = 0, valid_until: datetime | None = None) -> str:
        """A token for ``subject``, good for ``purpose`` only, until ``valid_until`` (aware; None: until revoked)."""
        ends_at = None if valid_until is None else int(valid_until.timestamp())
        return str(self._serializer(purpose).dumps([subject, version, ends_at]))

    def read(self, token: str, purpose: str) -> Link:
        """What ``token`` says. Raises ``BadLink``."""
        try:
            subject, version, ends_at = self._serializer(purpose).loads(token)
        except (BadData, TypeError, ValueError) as error:
            raise BadLink("not a link of ours for this purpose") from error
        if ends_at is not None and self._clock() >= datetime.fromtimestamp(ends_at, UTC):
            raise BadLink("no longer valid")
        return Link(subject, version)

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        """Kept: a mail has two links or more, and making the serializer takes longer than signing."""
        if purpose not in self._serializers:
            self._serializers[purpose] = URLSafeSerializer(
                self._keys,
                salt=f"kring.link.{purpose}",
                signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
            )
        return self._serializers[purpose]
