"""The one door in front of the three services: nginx, with the same routes in containers and on one machine."""
