"""What pages of this room say: the names of codes, and the shape of what the templates show."""

from linli.capabilities.admission.words.labels import AFFAIRS, NAMES, SPOKEN, STATES, STATUS

__all__ = ["AFFAIRS", "NAMES", "SPOKEN", "STATES", "STATUS"]
