"""Which release this is, and its day: what a page that nobody edits was last changed with."""

from datetime import date
from typing import Final

VERSION: Final = "0.1.0"

RELEASED_ON: Final = date(2026, 11, 23)
"""As ``publiccode.yml`` says."""
