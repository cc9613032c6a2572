"""What is allowed. Pure functions on frozen values: counts and times come in, a decision goes out.

Every `now` is an aware UTC datetime; nothing here reads a clock, a table or a setting.
"""
