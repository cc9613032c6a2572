"""Everything that knows more than one service: how they run together, and on which servers."""
