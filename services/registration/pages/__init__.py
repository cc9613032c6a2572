"""The door for people: pages under ``/registration``, whole without JavaScript."""
