"""The whole section `registry`."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from linli.capabilities.registry.policy.checklists import Checklist, Judged
from linli.capabilities.registry.policy.organisations import (
    Attribute,
    OrganisationKind,
    OrganisationLabel,
    OrganisationPost,
    StationKind,
)
from linli.capabilities.registry.policy.places import (
    CommitteeSize,
    Facilities,
    GridSize,
    GridStaff,
)
from linli.capabilities.registry.policy.sources import Precedence, Profile, SourceEntry
from linli.capabilities.registry.policy.tags import ADULT, Ages, Purpose, Retention, Right, Tag
from linli.kernel.policy.shapes import Strict


class RegistryPolicy(Strict):
    """Section `registry`: tags, kinds of organisations, facilities, sizes, sources, purposes."""

    tags: tuple[Tag, ...]
    purposes: tuple[Purpose, ...]
    retention: tuple[Retention, ...]
    ages: Ages = ADULT
    rights: tuple[Right, ...] = ()
    organisation_kinds: tuple[OrganisationKind, ...]
    organisation_labels: tuple[OrganisationLabel, ...]
    organisation_posts: tuple[OrganisationPost, ...]
    station_kinds: tuple[StationKind, ...]
    attributes: tuple[Attribute, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    facilities: Facilities
    committee_sizes: tuple[CommitteeSize, ...]
    grid_size: GridSize
    grid_staff: GridStaff
    sources: tuple[SourceEntry, ...]
    precedence: Precedence
    profiles: tuple[Profile, ...]

    @cached_property
    def tag_by_code(self) -> dict[str, Tag]:
        """Tag by code."""
        return {tag.code: tag for tag in self.tags}

    @cached_property
    def kind_by_code(self) -> dict[str, OrganisationKind]:
        """Kind of organisation by code."""
        return {kind.code: kind for kind in self.organisation_kinds}

    @cached_property
    def post_by_code(self) -> dict[str, OrganisationPost]:
        """Post by code."""
        return {post.code: post for post in self.organisation_posts}

    @cached_property
    def station_by_code(self) -> dict[str, StationKind]:
        """Way of being at work in a place by code."""
        return {kind.code: kind for kind in self.station_kinds}

    @cached_property
    def attribute_by_code(self) -> dict[str, Attribute]:
        """Attribute by code."""
        return {each.code: each for each in self.attributes}

    @cached_property
    def source_by_code(self) -> dict[str, SourceEntry]:
        """Source by code."""
        return {source.code: source for source in self.sources}

    @cached_property
    def profile_by_code(self) -> dict[str, Profile]:
        """Profile by code."""
        return {profile.code: profile for profile in self.profiles}

    @cached_property
    def purpose_by_code(self) -> dict[str, Purpose]:
        """Purpose by code."""
        return {purpose.code: purpose for purpose in self.purposes}

    @cached_property
    def retention_by_code(self) -> dict[str, Retention]:
        """How long a kind of record is kept, by code."""
        return {each.code: each for each in self.retention}

    @cached_property
    def facility_titles(self) -> dict[str, str]:
        """Title of a facility class by code."""
        return {entry.code: entry.title for entry in self.facilities.classes}

    def checklists_of(self, subject: Judged, day: date) -> tuple[Checklist, ...]:
        """The lists in force on a day by which subjects of a sort are judged."""
        return tuple(c for c in self.checklists if c.of is subject and c.in_force.holds(day))

    def committee_size(self, kind: str, day: date) -> CommitteeSize | None:
        """The size in force on a day for committees of a kind; none where nothing is said."""
        found = [s for s in self.committee_sizes if s.kind == kind and s.in_force.holds(day)]
        return max(found, key=lambda size: size.in_force.start or date.min) if found else None

    def posts_of(self, kind: str) -> tuple[OrganisationPost, ...]:
        """The posts that an organisation of a kind may have."""
        return tuple(post for post in self.organisation_posts if kind in post.kinds)

    def profiles_of(self, department: str) -> tuple[Profile, ...]:
        """The profiles of a department's files."""
        return tuple(profile for profile in self.profiles if profile.department == department)

    def tags_of_age(self, years: int) -> tuple[Tag, ...]:
        """The tags that follow from an age alone."""
        return tuple(tag for tag in self.tags if tag.ages and tag.ages[0] <= years <= tag.ages[1])
