"""The town's organiser: files secretaries for the district."""

from __future__ import annotations

from linli.kernel.access import offices
from linli.kernel.access.models import Account, Appointment, Unit
from linli.kernel.acts import system_act, under
from linli.kernel.places.models import Area
from tests.town import SINCE


def organisers() -> None:
    """Hire 丁一 at the organisation department of 甲区."""
    with under(system_act()):
        district = Area.objects.get(name="甲区")
        unit = Unit.objects.create(
            code="organisation", name="甲区委组织部", kind="department", area=district
        )
        account = Account.objects.create(kind="staff", login="ding", name="丁一", demo="ding")
        Appointment.objects.create(
            account=account, unit=unit, area=district, post="district_organiser", since=SINCE
        )
    offices.forget()
