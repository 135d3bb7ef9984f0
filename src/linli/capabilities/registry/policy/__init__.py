"""What a pack says about the registry: tags, kinds of organisations, facilities, sizes, sources. Pure."""

from linli.capabilities.registry.policy.checklists import Checklist, Item, Judged, Stage
from linli.capabilities.registry.policy.contradictions import contradictions
from linli.capabilities.registry.policy.organisations import (
    Attribute,
    AttributeKind,
    Family,
    Filed,
    OrganisationKind,
    OrganisationLabel,
    OrganisationPost,
    Scale,
    StationKind,
)
from linli.capabilities.registry.policy.places import (
    CommitteeSize,
    Facilities,
    FacilityClass,
    FacilityGroup,
    GridSize,
    GridStaff,
)
from linli.capabilities.registry.policy.section import RegistryPolicy
from linli.capabilities.registry.policy.sources import (
    Precedence,
    Profile,
    ProfileColumn,
    SourceEntry,
)
from linli.capabilities.registry.policy.tables import code_tables
from linli.capabilities.registry.policy.tags import (
    Ages,
    Ground,
    Purpose,
    Retention,
    Right,
    Sensitive,
    Tag,
    TagLevel,
)

__all__ = [
    "Ages",
    "Attribute",
    "AttributeKind",
    "Checklist",
    "CommitteeSize",
    "Facilities",
    "FacilityClass",
    "FacilityGroup",
    "Family",
    "Filed",
    "GridSize",
    "GridStaff",
    "Ground",
    "Item",
    "Judged",
    "OrganisationKind",
    "OrganisationLabel",
    "OrganisationPost",
    "Precedence",
    "Profile",
    "ProfileColumn",
    "Purpose",
    "RegistryPolicy",
    "Retention",
    "Right",
    "Scale",
    "Sensitive",
    "SourceEntry",
    "Stage",
    "StationKind",
    "Tag",
    "TagLevel",
    "code_tables",
    "contradictions",
]
