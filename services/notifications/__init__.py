"""Notifications: what we tell people, and what they answer.

Owns: invitations (what one calendar holds for one meeting), outgoing mail, personal feeds, subscriptions, campaigns and
preferences. Keeps copies of the facts of meetings and registrations, newest only, and what organisers write.
Publishes: `invitation.sent`, `invitation.accepted`, `.tentative` and `.declined`, `address.bounced` and `.restored`.
Listens to: `meeting.*`, `registration.*`, `transfer.proposed`, `message.written`, `list.delivered`, `link.requested`,
`access.changed`, `seats.changed`, `acceptance.refused`, `reference.changed`.

Somebody may be invited without being signed up: a subscriber whom a campaign reaches (`actions.invite_group`). Their
invitation knows who they are (`rules.guests`), `actions.align_guest` keeps their calendar true, and a yes goes to
registration, which signs them up or refuses; the invitation then becomes that of the registration.

The way through: an event comes in (`subscriptions`) → `actions.follow_meeting` or `actions.follow_registration` keeps
the facts, and raises the personal feeds that show them → `actions.tell_news` compares what the person should know with
what they were told, and `actions.align_invitation` what the calendar should hold with what it holds (`rules.desired`,
`rules.sequence`) → a row in `outgoing_mail` → `post.sender` writes the mail and hands it over, one at a time.

The way back: a mail comes in (`post.arrivals`) → `actions.receive_mail` files it → `actions.read_reply` finds whose
answer it is, and `actions.hear_answer` whether it counts (`rules.replies`) → `invitation.accepted`, `.tentative` or
`.declined` → registration moves the seat, and what it then tells goes the way above.

What nobody causes but the time does is due work, a row per meeting: `actions.remind` before it, `actions.thank` after.
"""
