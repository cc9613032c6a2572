"""The door to the world of mail: writes what is queued and hands it over.

`sender` claims a row of `outgoing_mail` → `compose` reads the newest facts → `letters` finds the words and
`calendar_object` the object → `message` makes the bytes → `folder` or `smtp` takes them.
"""
