"""Who guards a minor, named after the minor was registered (Civil Code 27)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Bond, Person
from linli.capabilities.registry.rules.people import needs_guardian
from linli.capabilities.registry.services.corrections import home_area
from linli.capabilities.registry.services.people import Guardian, alive, guard, locked
from linli.capabilities.registry.services.rows import today
from linli.kernel.acts import Act, Refusal, action, note


@action("registry.guardian", title=_("登记监护人"))
def name_guardian(act: Act, person: Person, *, guardian: Guardian) -> Bond:
    """Bind a minor to a guardian: an adult of the registry, or a name with a phone."""
    row = locked(person)
    alive(row)
    if not needs_guardian(row.born, today(act)):
        raise Refusal(_("已满 18 周岁，不需要登记监护人。"), field="guardian", code="adult")
    held = Bond.objects.filter(person=row, kind="guardian", until__isnull=True)
    if guardian.person is not None and held.filter(other=guardian.person).exists():
        raise Refusal(_("此人已经是监护人。"), field="person", code="twice")
    bond = guard(act, row, guardian, home_area(act, row))
    note(bond=bond.pk)
    return bond
