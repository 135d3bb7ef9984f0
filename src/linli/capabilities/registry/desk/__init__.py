"""Entrances of the registry for staff; each module joins its own `routes` in urls."""
