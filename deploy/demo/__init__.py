"""The demonstration programme: invented meetings and plainly fictitious people, at organisations with their true codes.

It is loaded through the services' own API, so it shows nothing that an organiser and a participant could not do.
"""
