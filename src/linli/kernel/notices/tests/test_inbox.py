"""The inbox: told once, read by its owner, carried by the channels a person chose."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import ProgrammingError, connection
from django.utils import translation

from linli.kernel.access.models import DemoMessage
from linli.kernel.acts import Act, Refusal, system_act, under
from linli.kernel.notices import carry, kinds, selectors
from linli.kernel.notices.carry import plan, send
from linli.kernel.notices.carry import quiet_hours as hours_of_the_pack
from linli.kernel.notices.kinds import Kind
from linli.kernel.notices.models import Delivery, Mailbox, Notice
from linli.kernel.notices.services import choose, mark_all_read, mark_read, set_mailbox, tell
from linli.kernel.policy import current
from linli.kernel.policy.shapes import NoticesPolicy
from tests.town import Town

NOON = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
NIGHT = NOON.replace(hour=23)
MORNING = datetime(2026, 3, 3, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
DONE = Kind(
    "test.done",
    "您的诉求 %(number)s 已办结",
    "%(name)s您好，请评价。",
    sms="您的诉求%(number)s已办结，请登录查看。",
    href=lambda pk, face: f"/{face}/{pk}/",
)
ALARM = Kind("test.alarm", "紧急", "请立即处置", sms="紧急事项%(number)s", urgent=True, robot=True)


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(kinds, "_kinds", {k.code: k for k in (DONE, ALARM)})
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SMS_URL, settings.DEMO, settings.APPRISE_URLS = "", True, []
    monkeypatch.setattr(carry, "quiet_hours", lambda: (time(21, 30), time(8), True))


def told(town: Town, *who: str, kind: str = "test.done", at: datetime = NOON) -> int:
    act = town.act("chen", at=at)
    accounts = [town.account(w).pk for w in who]
    with under(act):
        return tell(act, accounts, kind, town.area("甲社区"), {"number": "JA-1", "name": "王小梅"})


def carried(at: datetime) -> list[tuple[str, str]]:
    act = system_act(at)
    plan(act)
    send(act)
    with under(act):
        return [(d.channel, d.state) for d in Delivery.objects.order_by("id")]


def unread(act: Act) -> int:
    with under(act):
        return selectors.unread_count(act)


def test_everyone_named_is_told_but_not_the_one_who_acts(town: Town) -> None:
    assert told(town, "wang", "wang", "li", "chen") == 2
    assert unread(town.act("wang")) == 1
    assert unread(town.act("chen")) == 0
    assert told(town) == 0


@pytest.mark.parametrize("who", ["li", "chen", "wu", "feng"])
def test_nobody_else_reads_a_notice_even_past_the_selectors(town: Town, who: str) -> None:
    told(town, "wang")
    act = town.act(who)
    with under(act), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notices_notice")
        assert cursor.fetchone() == (0,)
        pk = 1
        assert not mark_read(act, pk)
    assert unread(town.act("wang")) == 1


def test_a_guest_has_no_inbox(town: Town, django_assert_num_queries: Any) -> None:
    guest = Act(0, "", NOON)
    with under(guest), django_assert_num_queries(0):
        assert selectors.unread_count(guest) == 0
        assert selectors.inbox(guest).rows == []


def test_reading_one_and_all(town: Town) -> None:
    for _ in range(3):
        told(town, "wang")
    wang = town.act("wang", at=NOON)
    with under(wang):
        first = selectors.inbox(wang).rows[0]
        assert mark_read(wang, first.pk)
        assert not mark_read(wang, first.pk)
        assert selectors.unread_count(wang) == 2
        assert mark_all_read(wang) == 2
        assert selectors.unread_count(wang) == 0


def test_pages_by_keyset_one_statement_each(town: Town, django_assert_num_queries: Any) -> None:
    for _ in range(7):
        told(town, "wang")
    wang, seen, before = town.act("wang"), [], None
    with under(wang):
        for _ in range(3):
            with django_assert_num_queries(1):
                page = selectors.inbox(wang, before=before, size=3)
            seen += [n.pk for n in page.rows]
            before = page.next
    assert before is None
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen, reverse=True)


def test_telling_many_is_one_statement(town: Town, django_assert_num_queries: Any) -> None:
    act = system_act(NOON)
    with under(act), django_assert_num_queries(1):
        assert tell(act, range(100, 600), "test.done") == 500


def test_words_are_made_when_read(town: Town) -> None:
    told(town, "wang")
    wang = town.act("wang")
    with under(wang):
        notice = selectors.inbox(wang).rows[0]
    assert notice.title == "您的诉求 JA-1 已办结"
    assert notice.body == "王小梅您好，请评价。"
    with translation.override("en"):
        assert "JA-1" in notice.title


def test_a_kind_that_is_gone_still_reads(town: Town) -> None:
    told(town, "wang", kind="test.gone")
    wang = town.act("wang")
    with under(wang):
        assert selectors.inbox(wang).rows[0].title == "通知"


def test_the_text_message_says_number_and_status_only(town: Town) -> None:
    told(town, "wang")
    assert carried(NOON) == [("sms", "sent")]
    assert DemoMessage.objects.latest("id").body == "您的诉求JA-1已办结，请登录查看。"
    assert carried(NOON + timedelta(hours=1)) == [("sms", "sent")]


def test_night_waits_for_the_morning_but_emergencies_pass(town: Town) -> None:
    told(town, "wang", at=NIGHT)
    told(town, "wang", kind="test.alarm", at=NIGHT)
    assert ("sms", "waiting") in carried(NIGHT)
    assert DemoMessage.objects.latest("id").body == "紧急事项JA-1"
    with under(system_act()):
        assert Delivery.objects.get(state="waiting").due == MORNING
    assert carried(MORNING)[0] == ("sms", "sent")


def test_the_quiet_hours_are_those_of_the_pack(town: Town) -> None:
    quiet = current().section(NoticesPolicy).quiet
    opens, closes, urgent = hours_of_the_pack()
    assert (f"{opens:%H:%M}", f"{closes:%H:%M}") == (quiet.opens, quiet.closes)
    assert urgent == quiet.except_emergency


def test_a_person_chooses_the_channels(town: Town) -> None:
    wang = town.act("wang", at=NOON)
    choose(wang, kind="test.done", sms=False)
    set_mailbox(wang, address="wang@example.com")
    told(town, "wang", "li")
    assert sorted(carried(NOON)) == [("email", "sent"), ("sms", "sent")]
    assert mail.outbox[0].to == ["wang@example.com"]
    assert mail.outbox[0].subject == "您的诉求 JA-1 已办结"
    with under(wang):
        assert str(Mailbox.objects.get().address) == "****"
    set_mailbox(wang, address="")
    with under(wang):
        assert selectors.mailbox(wang) is None
        assert selectors.preferences(wang)["test.done"].sms is False


@pytest.mark.parametrize("address", ["wang", "a@b", "a@b.c\nBcc: x@y.cn", "<script>@x.cn"])
def test_a_broken_address_is_refused(town: Town, address: str) -> None:
    with pytest.raises(Refusal, match="邮箱"):
        set_mailbox(town.act("wang"), address=address)


def test_without_a_gateway_nothing_is_pretended(town: Town, settings: Any) -> None:
    settings.DEMO = False
    told(town, "wang", "sun", kind="test.alarm")
    states = carried(NOON)
    assert set(states) == {("sms", "skipped"), ("robot", "skipped")}
    assert [c for c, _ in states].count("robot") == 1


class Gateway(BaseHTTPRequestHandler):
    """A text message gateway that answers as it is told."""

    answers: list[int] = []
    taken: list[dict[str, str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append(json.loads(body))
        self.send_response(self.answers.pop(0))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[Gateway]]:
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    Gateway.answers, Gateway.taken = [], []
    yield Gateway
    server.shutdown()
    server.server_close()


def test_a_gateway_that_fails_is_tried_again_with_the_same_key(
    town: Town, gateway: type[Gateway]
) -> None:
    gateway.answers = [503, 503, 200]
    told(town, "wang")
    assert carried(NOON) == [("sms", "waiting")]
    assert carried(NOON + timedelta(seconds=30)) == [("sms", "waiting")]
    assert len(gateway.taken) == 1
    assert carried(NOON + timedelta(minutes=1)) == [("sms", "waiting")]
    assert carried(NOON + timedelta(minutes=6)) == [("sms", "sent")]
    assert len({taken["id"] for taken in gateway.taken}) == 1
    assert gateway.taken[0]["phone"] == "13800000001"
    assert "王小梅" not in json.dumps(gateway.taken, ensure_ascii=False)


def test_a_gateway_that_never_answers_is_given_up(town: Town, gateway: type[Gateway]) -> None:
    gateway.answers = [500] * 20
    told(town, "wang")
    moment = NOON
    for _ in range(8):
        states = carried(moment)
        moment += timedelta(hours=5)
    assert states == [("sms", "failed")]
    assert len(gateway.taken) <= 6


def test_a_worker_killed_while_sending_sends_it_later(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(town, "wang")
    plan(system_act(NOON))

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("linli.kernel.notices.carry._post", killed)
        with pytest.raises(KeyboardInterrupt):
            send(system_act(NOON))
    assert carried(NOON + timedelta(minutes=1)) == [("sms", "waiting")]
    assert carried(NOON + timedelta(minutes=11)) == [("sms", "sent")]


def test_who_acts_cannot_write_into_strange_inboxes_by_hand(town: Town) -> None:
    wang, li = town.act("wang"), town.account("li").pk
    insert = (
        "INSERT INTO notices_notice (account, area, kind, subject_type, subject_id, params, urgent,"
        " robot, created, planned) VALUES (%s, 0, 'x', '', 0, '{}', false, false, now(), false)"
    )
    wall = pytest.raises(ProgrammingError, match="row-level security")
    with wall, under(wang), connection.cursor() as cursor:
        cursor.execute(insert, [li])
    with under(system_act()):
        assert not Notice.objects.exists()
