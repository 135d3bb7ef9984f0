"""The pack section `admission`: lists, what may never come down, certificates nobody issues, terms of the procedure."""

from linli.capabilities.admission.policy.lists import (
    Affair,
    Catalogue,
    Certificate,
    Forbidden,
    ItemEntry,
    Kind,
    Reduction,
)
from linli.capabilities.admission.policy.section import (
    AdmissionPolicy,
    Clause,
    Offices,
    Term_,
    contradictions,
)

__all__ = [
    "AdmissionPolicy",
    "Affair",
    "Catalogue",
    "Certificate",
    "Clause",
    "Forbidden",
    "ItemEntry",
    "Kind",
    "Offices",
    "Reduction",
    "Term_",
    "contradictions",
]
