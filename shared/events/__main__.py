"""``python -m shared.events`` prints docs/events.md."""

import sys

from shared.events.schemas import page

sys.stdout.write(page())
