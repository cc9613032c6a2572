"""The web as all three services serve it: one application frame, access, problems, forms, limits, look."""
