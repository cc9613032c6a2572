"""What the doctor asks about mail.

``records`` looks into the DNS, ``servers`` calls mail servers, ``round_trip`` sends ourselves an invitation and answers
it; ``examination`` asks all three.
"""
