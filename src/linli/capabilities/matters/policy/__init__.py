"""What a pack says about matters: catalogue, routes, flow, clock, ratings, hotline. Pure."""

from linli.capabilities.matters.policy.catalogue import (
    Duty,
    EventClass,
    FieldType,
    FormField,
    Group,
    GroupKind,
    Handler,
    Limit,
    Material,
    ServiceItem,
    Stage,
)
from linli.capabilities.matters.policy.clock import (
    Clock,
    Duplicates,
    Extension,
    Grade,
    Photos,
    Query,
    Ratings,
    Warnings,
    Window,
)
from linli.capabilities.matters.policy.contradictions import contradictions
from linli.capabilities.matters.policy.hotline import Hotline, HotlineColumn, HotlineKind
from linli.capabilities.matters.policy.routes import Route
from linli.capabilities.matters.policy.section import MattersPolicy
from linli.capabilities.matters.policy.tables import code_tables

__all__ = [
    "Clock",
    "Duplicates",
    "Duty",
    "EventClass",
    "Extension",
    "FieldType",
    "FormField",
    "Grade",
    "Group",
    "GroupKind",
    "Handler",
    "Hotline",
    "HotlineColumn",
    "HotlineKind",
    "Limit",
    "Material",
    "MattersPolicy",
    "Photos",
    "Query",
    "Ratings",
    "Route",
    "ServiceItem",
    "Stage",
    "Warnings",
    "Window",
    "code_tables",
    "contradictions",
]
