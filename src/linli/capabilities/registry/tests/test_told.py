"""What was done to somebody, as the auditor and the community that was left read it."""

from __future__ import annotations

import pytest

from linli.capabilities.registry.models import Person
from linli.capabilities.registry.rules.people import Identity
from linli.capabilities.registry.selectors import looking
from linli.capabilities.registry.selectors.roll import Filters
from linli.capabilities.registry.services import adopt, corrections, exports, undoing
from linli.capabilities.registry.services.staying import Stay
from linli.capabilities.registry.tests.desk import entered, page_of, text_of
from linli.capabilities.registry.tests.desk import people as people
from linli.kernel.access.selectors.audit import fact_opened
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.vault.services import reveal
from tests.town import Town


def _told(verb: str) -> dict[str, str]:
    """The newest fact of a verb as the auditor's page says it."""
    act = system_act()
    with under(act):
        opened = fact_opened(act, Fact.objects.filter(verb=verb).latest("pk").pk)
    assert opened is not None
    return {**{str(name): text for name, text in opened.data}, **dict(opened.words)}


@pytest.mark.row("R131")
def test_the_auditor_reads_words(town: Town, people: dict[str, Person]) -> None:
    chen, he = town.act("chen"), town.act("he")
    reveal(chen, people["wang"], field="document", reason="办理老年证")
    assert _told("vault.reveal") == {
        "查看的内容": "证件号码（document）",
        "用途或原因": "办理老年证",
    }
    corrections.correct(chen, people["wang"], changes={"workplace": "春江小学"})
    told = _told("registry.correct")
    assert told["改动的内容"] == "工作单位（workplace）" and told["有异议的内容"] == "无"
    with under(he.on(verbs=frozenset({"*"}))) as act:
        exports.export(
            act, filters=Filters(show="registered", sex="2"), columns=["phone"], reason="核对",
            format="csv", clear=True,
        )  # fmt: skip
    told = _told("registry.export")
    assert told["查看的内容"].startswith("完整证件号码和电话")
    assert told["筛选条件"] == "名单：户籍（registered）；性别：女性（2）"
    assert told["人数"].endswith("）") and " 人（档案编号" in told["人数"]


@pytest.mark.row("R010")
def test_who_was_left_is_offered_nothing_to_undo_and_told_who_may(
    town: Town, people: dict[str, Person]
) -> None:
    chen, zhou, zhao = town.act("chen"), town.act("zhou"), people["zhao"]
    who = Identity("赵敏", "111", zhao.document.open())
    adopt.adopt(
        chen, identity=who, stay=Stay("floating", area=town.area("甲社区").pk), reason="租住本社区"
    )
    with under(chen):
        (deed,) = looking.undoable(chen, zhao, undoing.UNDONE)
    with pytest.raises(Refusal, match="只有那里能撤销"):
        undoing.undo(zhou, zhao, fact=deed.fact, reason="接收错了")
    left = text_of(entered(town, "zhou").get(page_of(zhao, "history/")))
    assert f"undo/?row={deed.fact}" not in left
    assert f"undo/?row={deed.fact}" in text_of(entered(town, "chen").get(page_of(zhao, "history/")))
    assert "办理，只有那里能撤销" in left
    undoing.undo(chen, zhao, fact=deed.fact, reason="接收错了")
