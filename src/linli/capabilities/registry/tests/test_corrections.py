"""What is written of people: values corrected, consents, objections, proof, tags; by outcome and fact."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from linli.capabilities.registry.models import (
    Batch,
    Conflict,
    Home,
    Mark,
    Past,
    Person,
    Residence,
    Source,
)
from linli.capabilities.registry.rules.people import Identity
from linli.capabilities.registry.services import (
    adopt,
    consent,
    corrections,
    links,
    marks,
    objections,
    people,
)
from linli.capabilities.registry.services.staying import Stay
from linli.kernel.acts import Denied, Refusal, conveyor, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.notices.models import Notice
from tests import families
from tests.town import Town

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
JUNE = date(2026, 6, 1)


@pytest.fixture
def folk(town: Town) -> dict[str, Person]:
    return families.settle()


def home(room: str) -> Home:
    with under(system_act()):
        return Home.objects.get(room=room)


def refused(code: str) -> Any:
    return pytest.raises(Refusal, check=lambda error: error.code == code)


def fact(verb: str) -> Fact:
    with under(system_act()):
        found = Fact.objects.filter(verb=verb).last()
    assert found is not None
    return found


def test_values_are_corrected_by_precedence(town: Town, folk: dict[str, Person]) -> None:
    chen, wang = town.act("chen", AT), folk["wang"]
    corrections.correct(chen, wang, changes={"phone": "13911112222", "education": "21"})
    with under(chen):
        row = Person.objects.get(pk=wang.pk)
        assert row.phone.open() == "13911112222" and row.education == "21"
        assert set(row.sources) == {"phone", "education"}
        kept = Past.objects.filter(table="registry_person", row=wang.pk).last()
        assert kept is not None and "13911112222" not in str(kept.before)
    assert fact("registry.correct").data["fields"] == ["education", "phone"]
    assert "13911112222" not in str(fact("registry.correct").data)
    with under(system_act()):
        police = Batch.objects.get(source=Source.objects.get(code="police"))
        row.sources = {"*": police.pk}
        row.save(update_fields=["sources"])
    corrections.correct(chen, wang, changes={"name": "王晓梅"})
    with under(chen):
        assert Person.objects.get(pk=wang.pk).name == "王小梅", "a stronger source holds it"
        asked = Conflict.objects.get(record_set="person", row=wang.pk, field="name")
        assert asked.offered.open() == "王晓梅" and asked.held.open() == "王小梅"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"account": 3}, "unknown-field"),
        ({"document": "123"}, "number-length"),
    ],
)
def test_corrections_refused(
    town: Town, folk: dict[str, Person], changes: dict[str, Any], code: str
) -> None:
    with refused(code):
        corrections.correct(town.act("chen", AT), folk["wang"], changes=changes)


def test_another_s_number_is_not_taken(town: Town, folk: dict[str, Person]) -> None:
    with refused("other-name"):
        corrections.correct(
            town.act("chen", AT), folk["wang"], changes={"document": folk["zhao"].document.open()}
        )


def test_consents(town: Town, folk: dict[str, Person]) -> None:
    wang = town.act("wang", AT)
    given = consent.consent(wang, person=folk["wang"], purpose="culture")
    assert consent.consent(wang, person=folk["wang"], purpose="culture") == given
    consent.withdraw_consent(wang, given)
    with refused("withdrawn"):
        consent.withdraw_consent(wang, given)
    chen = town.act("chen", AT)
    with refused("guardian"):
        consent.consent(chen, person=folk["le"], purpose="photo")
    signed = consent.consent(chen, person=folk["le"], purpose="photo", by_guardian=True)
    assert signed.by_guardian
    assert (given.purpose, given.basis) == ("culture", "consent")
    with refused("statutory"):
        consent.consent(chen, person=folk["wang"], purpose="service")
    with refused("purpose"):
        consent.consent(chen, person=folk["wang"], purpose="别的")


def test_other_communities_are_told_of_a_death_and_accounts_of_a_link(
    town: Town, folk: dict[str, Person]
) -> None:
    chen = town.act("chen", AT)
    people.death(chen, folk["li"], on=date(2026, 5, 20))
    links.unlink_account(chen, folk["wang"], reason="换号")
    links.link_at_window(chen, folk["wang"], phone="13800000001", seen="111")
    conveyor.drain()
    for who, kind in (("zhou", "registry.died"), ("wang", "registry.linked")):
        with under(town.act(who, AT)):
            (told,) = Notice.objects.filter(kind=kind)
            assert "李建国" not in str(told.params) and "王小梅" not in str(told.params)


def test_a_resident_objects_and_is_answered(town: Town, folk: dict[str, Person]) -> None:
    wang, chen = town.act("wang", AT), town.act("chen", AT)
    said = objections.raise_objection(
        wang, person=folk["wang"], field="education", wish="硕士", words="2018年毕业"
    )
    with refused("open"):
        objections.raise_objection(wang, person=folk["wang"], field="education", wish="硕士")
    with refused("gone"):
        objections.raise_objection(town.act("li", AT), person=folk["wang"], field="name", wish="x")
    with refused("required"):
        objections.decide_objection(chen, said, taken=True, answer=" ")
    objections.decide_objection(chen, said, taken=True, answer="已核对证书", value="14")
    with under(wang):
        assert Person.objects.get(pk=folk["wang"].pk).education == "14"
    with refused("decided"):
        objections.decide_objection(chen, said, taken=False, answer="再看")
    assert fact("registry.object").data == {"field": "education", "person": folk["wang"].pk}


def test_a_resident_proves_who_they_are(town: Town, folk: dict[str, Person]) -> None:
    with under(system_act()):
        Residence.objects.filter(person=folk["wang"]).update(account=None)
        folk["wang"].account = None
        folk["wang"].save(update_fields=["account"])
    wang, number = town.act("wang", AT), folk["wang"].document.open()
    with refused("unproven"):
        links.link_account(wang, number=number, name="王小梅")
    with refused("unproven"):
        links.link_account(wang, number=families.number(date(1990, 1, 1), 9), name="王小梅")
    with under(system_act()):
        folk["wang"].phone = "13800000001"
        folk["wang"].save(update_fields=["phone", "phone_index"])
    links.link_account(wang, number=number, name="王小梅")
    with under(wang):
        assert list(Person.objects.all()) == [folk["wang"]]
        assert Residence.objects.get().account_id == wang.actor
    with refused("linked"):
        links.link_account(wang, number=number, name="王小梅")
    for _n in range(2):
        with pytest.raises(Refusal):
            links.link_account(wang, number=number, name="王大梅")
    with refused("throttled"):
        links.link_account(wang, number=number, name="王大梅")


def test_the_community_left_is_told_without_a_name(town: Town, folk: dict[str, Person]) -> None:
    who = Identity("赵敏", "111", folk["zhao"].document.open())
    stay = Stay("floating", home=home("202").pk)
    adopt.adopt(town.act("chen", AT), identity=who, stay=stay, reason="租住本社区")
    conveyor.drain()
    with under(town.act("zhou", AT)):
        told = Notice.objects.get(kind="registry.adopted")
    assert told.account == town.act("zhou").actor and "赵敏" not in str(told.params)
    with under(town.act("chen", AT)):
        assert not Notice.objects.filter(kind="registry.adopted").exists()


def test_tags_follow_the_pack(town: Town, folk: dict[str, Person]) -> None:
    chen, he = town.act("chen", AT), town.act("he", AT)
    with refused("no-tag"):
        marks.mark(chen, person=folk["wang"], code="nonsense")
    with under(system_act()):
        Mark.objects.all().delete()
    with pytest.raises(Denied):
        marks.mark(chen, person=folk["liu"], code="low_income")
    made = marks.mark(he, person=folk["liu"], code="low_income", basis="民政审批")
    assert made.sensitive and made.purpose
    with refused("marked"):
        marks.mark(he, person=folk["liu"], code="low_income")
    told = fact("registry.mark")
    assert (told.subject_type, told.subject_id) == ("registry.mark", made.pk)
    assert "low_income" not in str(told.data)
    with refused("reason"):
        marks.unmark(he, made, reason=" ")
    marks.unmark(he, made, reason="已退出低保")
    with refused("ended"):
        marks.unmark(he, made, reason="再退")
