"""The code on a badge: short enough to type at the door, and it says nothing about the person."""

from base64 import b32encode
from hashlib import sha256

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_CROCKFORD = str.maketrans(_BASE32, _CROCKFORD)
_READ_AS = str.maketrans("ILO", "110", " -")
_LENGTH = 8


def door_code(registration_id: str) -> str:
    """Eight characters that stand for a registration, from Crockford's alphabet: no I, L, O and U."""
    digest = b32encode(sha256(registration_id.encode()).digest()).decode()
    return digest[:_LENGTH].translate(_TO_CROCKFORD)


def read_code(typed: str) -> str:
    """A code as someone typed it, as ``door_code`` writes it: blanks and case are forgiven, and so are I, L and O."""
    return typed.upper().translate(_READ_AS)
