"""The door to the world of mail: writes what is queued and hands it over.

`sender` claims a row of `outgoing_mail` → `compose` gathers what may be said (`facts`, with the links of `urls`) →
`letters` finds the words, once for all who share them, and fills their `blanks` with what is `personal` →
`calendar_object` makes the object → `message` says what goes where, `mime` makes the bytes,
`signing` vouches for them → `folder` or `smtp` takes them. `claims` says which mail may go,
`breaker` whether any is taken at all. The `doctor` tries the whole way.
"""
