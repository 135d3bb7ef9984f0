"""The inbox as a page, for residents and at the desk."""

from typing import Any

import pytest
from django.test import Client

from linli.kernel.acts import under
from linli.kernel.notices import kinds, selectors
from linli.kernel.notices.kinds import Kind
from linli.kernel.notices.services import tell
from tests.town import Town

DONE = Kind(
    "test.done", "诉求 %(number)s 已办结", "%(text)s", href=lambda pk, face: f"/{face}-{pk}/"
)


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {DONE.code: DONE})


def entered(town: Town, who: str) -> Client:
    client = Client()
    session = client.session
    session["account"], session["second"] = town.account(who).pk, True
    session.save()
    return client


def told(town: Town, who: str, text: str = "请评价") -> int:
    act = town.act("he")
    with under(act):
        tell(
            act,
            [town.account(who).pk],
            "test.done",
            town.area("甲社区"),
            {"number": "JA-1", "text": text},
        )
    reader = town.act(who)
    with under(reader):
        return selectors.inbox(reader).rows[0].pk


@pytest.mark.parametrize(("who", "path"), [("wang", "/notices/"), ("chen", "/desk/notices/")])
def test_the_inbox_shows_opens_and_empties(town: Town, who: str, path: str) -> None:
    pk = told(town, who, "<script>alert(1)</script>")
    client = entered(town, who)
    page = client.get(path).content.decode()
    assert "诉求 JA-1 已办结" in page
    assert "<script>alert(1)" not in page
    assert "JA-1" in client.get(path, {"show": "unread"}).content.decode()
    face = "desk" if path.startswith("/desk") else "portal"
    opened = client.post(f"{path}{pk}/")
    assert opened.status_code == 302
    # The subject is an area here; its id is the area's key.
    assert opened.headers["Location"] == f"/{face}-{town.area('甲社区').pk}/"
    assert "JA-1" not in client.get(path, {"show": "unread"}).content.decode()


def test_read_all(town: Town) -> None:
    told(town, "wang")
    client = entered(town, "wang")
    assert client.post("/notices/read/").status_code == 302
    wang = town.act("wang")
    with under(wang):
        assert selectors.unread_count(wang) == 0


def test_another_persons_notice_is_not_there(town: Town) -> None:
    pk = told(town, "wang")
    assert entered(town, "li").post(f"/notices/{pk}/").status_code == 404


@pytest.mark.parametrize("before", ["abc", "-1", "９", "9" * 40, "0"])
def test_a_strange_key_is_no_error(town: Town, before: str) -> None:
    assert entered(town, "wang").get("/notices/", {"before": before}).status_code == 200


def test_a_guest_is_asked_to_sign_in(town: Town, client: Any) -> None:
    assert client.get("/notices/").status_code == 302
    assert client.get("/notices/1/").status_code in (302, 405)
