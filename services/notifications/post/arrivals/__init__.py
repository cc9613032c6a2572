"""Mail that comes in: a door for each way, and one reader for all.

`folder` (embedded), `listener` (SMTP, LMTP) and `mailbox` (IMAP) hand a mail over as bytes and an envelope's recipient
→ `parse.parsed` reads it, within limits → `desk.Desk` lets `actions.receive_mail` file it, one transaction per mail.
"""
