"""Tables of admission."""

from linli.capabilities.admission.models.applications import Application, Comment
from linli.capabilities.admission.models.burden import Weight
from linli.capabilities.admission.models.catalogue import Item, ItemVersion, PublicNotice
from linli.capabilities.admission.models.gate import Agreement, Demand, Ticket
from linli.capabilities.admission.models.registers import (
    Certificate,
    CertificateRequest,
    Occasion,
    Placement,
    SealUse,
)
from linli.capabilities.admission.models.works import Hours, Payment, Step, Usage, Work

__all__ = [
    "Agreement",
    "Application",
    "Certificate",
    "CertificateRequest",
    "Comment",
    "Demand",
    "Hours",
    "Item",
    "ItemVersion",
    "Occasion",
    "Payment",
    "Placement",
    "PublicNotice",
    "SealUse",
    "Step",
    "Ticket",
    "Usage",
    "Weight",
    "Work",
]
