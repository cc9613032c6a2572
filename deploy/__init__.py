"""How Kring is run: the only place that names more than one service."""
