"""Who comes past which door: every route of the three services, asked by everyone, about things here and elsewhere."""
