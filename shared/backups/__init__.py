"""A service's database as one file, and the way back.

``sqlite`` and ``postgresql`` know how each is copied while it is being written to, ``files`` chooses between them,
``commands`` is the operators' door: ``python -m services.<name> backup FILE`` and ``restore FILE``. Putting a copy back
ends with what ``restored`` does, so whoever was erased since is erased again.
"""
