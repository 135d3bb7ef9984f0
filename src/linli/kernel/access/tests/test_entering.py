"""Signing in, each way, and what must not work."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from linli.kernel.access import services
from linli.kernel.access.models import Account, LoginCode, Throttle
from linli.kernel.access.presence import device_of, safe_next
from linli.kernel.access.sessions import Session, sweep
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.acts.models import Fact
from tests.town import PASSWORD, Town

WANG = "13800000001"


def ask(client: Client, phone: str = WANG) -> str:
    """Ask for a code; the demo shows it on the page."""
    page = client.post("/signin/", {"phone": phone, "do": "send"}).content.decode()
    found = re.search(r"data-demo-code>(\d{6})<", page)
    return found[1] if found else ""


def later(seconds: int) -> None:
    """Let the pause between two codes pass."""
    LoginCode.objects.update(sent=timezone.now() - timedelta(seconds=seconds))


def staff(client: Client, login: str = "chen", password: str = PASSWORD, **more: str) -> Any:
    """Sign a staff member in by password."""
    return client.post("/signin/staff/", {"login": login, "password": password, **more})


def bind(client: Client) -> tuple[str, str]:
    """Bind an authenticator app; returns its secret and the digits that bound it."""
    page = client.get("/signin/second/").content.decode()
    found = re.search(r'data-copy="([A-Z2-7 ]+)"', page)
    assert found
    secret = found[1].replace(" ", "")
    code = pyotp.TOTP(secret).now()
    assert client.post("/signin/second/", {"code": code}).status_code == 302
    return secret, code


def test_a_resident_enters_by_phone_and_code(town: Town, client: Client) -> None:
    code = ask(client)
    came = client.post("/signin/", {"phone": WANG, "code": code, "do": "enter", "next": "/help/"})
    assert (came.status_code, came["Location"]) == (302, "/help/")
    assert client.session["account"] == town.account("wang").pk
    page = client.get("/me/").content.decode()
    assert "138****0001" in page and WANG not in page
    with under(system_act()):
        assert Fact.objects.get(verb="access.sign_in").actor == town.account("wang").pk


def test_a_new_number_becomes_an_account_once(town: Town, client: Client) -> None:
    phone = "13912345678"
    code = ask(client, "+86 139 1234 5678")
    values = {"phone": phone, "code": code, "do": "enter"}
    assert client.post("/signin/", values).status_code == 302
    assert Account.objects.get(pk=client.session["account"]).name == "居民5678"
    assert Client().post("/signin/", values).status_code == 422


def test_the_session_key_changes_on_entering(town: Town, client: Client) -> None:
    client.get("/signin/")
    session = client.session
    session["visitor"] = "0" * 32
    session.save()
    before = session.session_key
    client.post("/signin/", {"phone": WANG, "code": ask(client), "do": "enter"})
    assert client.session.session_key != before
    assert "visitor" not in client.session


def test_a_wrong_code_keeps_the_number_and_counts(town: Town, client: Client) -> None:
    right = ask(client)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _try in range(services.TRIES):
        page = client.post("/signin/", {"phone": WANG, "code": wrong, "do": "enter"})
        assert page.status_code == 422 and WANG in page.content.decode()
    assert LoginCode.objects.get().tries == services.TRIES
    page = client.post("/signin/", {"phone": WANG, "code": right, "do": "enter"})
    assert "已失效" in page.content.decode() and "account" not in client.session


def test_a_second_code_must_wait_and_the_first_stays_good(town: Town, client: Client) -> None:
    code = ask(client)
    page = client.post("/signin/", {"phone": WANG, "do": "send"}).content.decode()
    assert "秒后再获取" in page and LoginCode.objects.count() == 1
    assert client.post("/signin/", {"phone": WANG, "code": code, "do": "enter"}).status_code == 302


def test_a_phone_gets_six_codes_an_hour(town: Town, client: Client) -> None:
    for _n in range(6):
        assert ask(client)
        later(61)
    page = client.post("/signin/", {"phone": WANG, "do": "send"})
    assert page.status_code == 422 and "次数太多" in page.content.decode()


def test_an_address_is_throttled(town: Town, client: Client) -> None:
    key, until = "signin:127.0.0.1", timezone.now() + timedelta(minutes=5)
    Throttle.objects.create(key=key, count=60, until=until)
    assert "次数太多" in staff(client).content.decode()
    assert "次数太多" in client.post("/signin/", {"phone": WANG, "do": "send"}).content.decode()


def test_without_a_gateway_the_page_says_so(town: Town, client: Client, settings: Any) -> None:
    settings.DEMO, settings.SMS_URL = False, ""
    page = client.post("/signin/", {"phone": WANG, "do": "send"})
    assert page.status_code == 422 and "短信没有发出去" in page.content.decode()
    assert client.get("/signin/demo/").status_code == 404
    assert client.post("/signin/demo/", {"role": "chen"}).status_code == 404


@pytest.mark.parametrize("phone", ["", "12", "abc", "1" * 40, "<script>", "23800000001", "\0"])
def test_a_bad_number_is_refused_in_words(town: Town, client: Client, phone: str) -> None:
    page = client.post("/signin/", {"phone": phone, "do": "send"})
    assert page.status_code == 422
    assert "field-error" in page.content.decode()
    assert '<script>"' not in page.content.decode()


@pytest.mark.parametrize("code", ["", "12345", "１２a", "<b>", "999 9999"])
def test_a_bad_code_is_refused_in_words(town: Town, client: Client, code: str) -> None:
    ask(client)
    page = client.post("/signin/", {"phone": WANG, "code": code, "do": "enter"})
    assert page.status_code == 422 and WANG in page.content.decode()


def test_a_full_width_code_is_as_good(town: Town, client: Client) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in ask(client))
    assert client.post("/signin/", {"phone": WANG, "code": wide, "do": "enter"}).status_code == 302


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ("/me/?a=1", "/me/?a=1"),
        ("//evil.example", ""),
        ("https://evil.example/", ""),
        ("/\\evil.example", ""),
        ("javascript:alert(1)", ""),
        ("me/", ""),
        ("", ""),
    ],
)
def test_only_pages_of_this_site_are_returned_to(wanted: str, kept: str) -> None:
    assert safe_next(RequestFactory().get("/signin/", {"next": wanted})) == kept


def test_devices_are_told_apart() -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0"
    assert device_of(RequestFactory().get("/", HTTP_USER_AGENT=agent)) == "微信 · iPhone"
    assert device_of(RequestFactory().get("/", HTTP_USER_AGENT="")) == ""


def test_staff_bind_an_app_before_the_hat_works(town: Town, client: Client) -> None:
    came = staff(client, next="/desk/")
    assert (came.status_code, came["Location"]) == (302, "/desk/")
    led = client.get("/desk/")
    assert led.status_code == 302 and led["Location"].startswith("/signin/second/")
    assert client.get("/me/")["Location"].startswith("/signin/second/")
    secret, _code = bind(client)
    assert client.get("/desk/").content == b"guarded"
    assert town.account("chen").second_secret.open() == secret


def test_the_next_time_the_same_digits_are_refused(town: Town, client: Client) -> None:
    staff(client)
    secret, code = bind(client)
    other = Client()
    staff(other)
    again = other.post("/signin/second/", {"code": code})
    assert again.status_code == 422 and other.get("/desk/").status_code == 302
    page = other.get("/signin/second/").content.decode()
    assert secret not in page.replace(" ", "")
    soon = pyotp.TOTP(secret).at(timezone.now() + timedelta(seconds=30))
    assert other.post("/signin/second/", {"code": soon}).status_code == 302
    assert other.get("/desk/").content == b"guarded"


def test_two_who_send_the_same_digits_at_once_do_not_both_enter(town: Town, client: Client) -> None:
    staff(client)
    secret, _code = bind(client)
    first, second = town.account("chen"), town.account("chen")
    now = timezone.now() + timedelta(seconds=30)
    digits = pyotp.TOTP(secret).at(now)
    with under(system_act()):
        services.check_second(first, digits, now)
        with pytest.raises(Refusal):
            services.check_second(second, digits, now)


def test_the_second_factor_is_throttled(town: Town, client: Client) -> None:
    staff(client)
    for _n in range(services.TRIES):
        client.post("/signin/second/", {"code": "000000"})
    page = client.post("/signin/second/", {"code": "000000"})
    assert "次数太多" in page.content.decode()


def test_a_grid_worker_needs_no_second_factor(town: Town, client: Client) -> None:
    came = staff(client, "sun")
    assert came["Location"] == "/matters/desk/field/"
    assert client.get("/desk/").content == b"guarded"


@pytest.mark.parametrize("login", ["chen", "nobody"])
def test_five_wrong_passwords_lock_and_say_until_when(
    town: Town, client: Client, login: str
) -> None:
    for left in (4, 3, 2, 1):
        assert f"还可以再试 {left} 次" in staff(client, login, "wrong").content.decode()
    assert "已锁定" in staff(client, login, "wrong").content.decode()
    page = staff(client, login).content.decode()
    assert re.search(r"请在 \d\d:\d\d 以后再试", page) and "account" not in client.session


def test_the_lock_opens_by_itself_and_by_hand(town: Town, client: Client) -> None:
    for _n in range(services.TRIES):
        staff(client, password="wrong")
    services.unlock(system_act(), town.account("chen"))
    assert staff(client).status_code == 302


def test_a_resident_cannot_enter_by_password(town: Town, client: Client) -> None:
    Account.objects.filter(demo="wang").update(login="wang", password="x")
    assert staff(client, "wang", "x").status_code == 422


def test_an_inactive_account_is_out_at_once(town: Town, client: Client) -> None:
    staff(client, "sun")
    Account.objects.filter(demo="sun").update(active=False)
    assert client.get("/desk/")["Location"].startswith("/signin/staff/")


def test_staff_who_stayed_away_are_signed_out(town: Town, client: Client) -> None:
    staff(client, "sun")
    session = client.session
    session["seen"] = int(timezone.now().timestamp()) - 1801
    session.save()
    assert client.get("/desk/")["Location"].startswith("/signin/staff/")


def test_residents_are_never_timed_out(town: Town, client: Client) -> None:
    client.post("/signin/", {"phone": WANG, "code": ask(client), "do": "enter"})
    session = client.session
    session["seen"] = 1
    session.save()
    assert client.get("/me/").status_code == 200


def test_staff_hold_three_sessions_and_the_oldest_ends(town: Town) -> None:
    browsers = [Client() for _n in range(4)]
    for browser in browsers:
        staff(browser, "sun")
    assert browsers[0].get("/me/").status_code == 302
    assert [b.get("/me/").status_code for b in browsers[1:]] == [200, 200, 200]


def test_one_signs_out_everywhere(town: Town) -> None:
    here, there = Client(), Client()
    staff(here, "sun")
    staff(there, "sun")
    assert here.post("/me/", {"part": "devices"}).status_code == 302
    assert here.get("/me/").status_code == 200 and there.get("/me/").status_code == 302


def test_signing_out_needs_a_post(town: Town, client: Client) -> None:
    staff(client, "sun")
    client.get("/signout/")
    assert client.get("/me/").status_code == 200
    client.post("/signout/")
    assert client.get("/me/").status_code == 302
    assert not Session.objects.filter(account=town.account("sun").pk).exists()


def test_the_demo_lets_in_by_one_click(town: Town, client: Client) -> None:
    Account.objects.filter(demo="chen").update(demo="clerk")
    page = client.get("/signin/demo/").content.decode()
    assert "陈静" in page and "disabled" in page
    assert client.post("/signin/demo/", {"role": "clerk"}).status_code == 302
    assert client.get("/desk/").content == b"guarded"
    assert client.post("/signin/demo/", {"role": "nobody"}).status_code == 200


def test_a_password_is_changed_with_the_old_one(town: Town, client: Client) -> None:
    staff(client, "sun")
    wrong = client.post("/me/", {"part": "password", "old": "no", "new": "Neues-Wort-1"})
    weak = client.post("/me/", {"part": "password", "old": PASSWORD, "new": "short"})
    assert "原密码不正确" in wrong.content.decode() and "至少 8 位" in weak.content.decode()
    good = client.post("/me/", {"part": "password", "old": PASSWORD, "new": "Neues-Wort-1"})
    assert good.status_code == 302 and staff(Client(), "sun", "Neues-Wort-1").status_code == 302


def test_a_resident_says_how_to_be_addressed(town: Town, client: Client) -> None:
    client.post("/signin/", {"phone": WANG, "code": ask(client), "do": "enter"})
    assert client.post("/me/", {"part": "name", "name": "王阿姨"}).status_code == 302
    assert town.account("wang").name == "王阿姨"
    long = client.post("/me/", {"part": "name", "name": "长" * 21})
    assert long.status_code == 422


def test_preferences_are_kept_in_cookies(town: Town, client: Client) -> None:
    values = {"size": "elder", "theme": "neon", "lang": "en", "next": "//evil.example"}
    came = client.post("/preferences/", values)
    assert came["Location"] == "/"
    assert came.cookies["size"].value == "elder" and "theme" not in came.cookies
    assert 'data-size="elder"' in client.get("/signin/").content.decode()


def test_hats_are_changed(town: Town, client: Client) -> None:
    act = system_act()
    made = services.appoint(
        act,
        town.account("sun"),
        unit=town.unit("jia"),
        area=town.area("甲社区第二网格"),
        post="grid_worker",
        since=timezone.localdate(),
    )
    staff(client, "sun")
    assert client.post("/hats/", {"hat": str(made.pk)}).status_code == 302
    assert client.session["hat"] == made.pk
    other = town.account("chen").appointments.get()
    client.post("/hats/", {"hat": str(other.pk)})
    assert client.session["hat"] == made.pk


def test_sessions_that_ran_out_are_swept_away(town: Town) -> None:
    now = timezone.now()
    for key, days in (("old", -1), ("young", 1)):
        Session.objects.create(session_key=key, expire_date=now + timedelta(days=days))
    assert sweep(now) == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["young"]
