"""``python -m shared.people`` prints docs/roles.md."""

import sys

from shared.people.table import page

sys.stdout.write(page())
