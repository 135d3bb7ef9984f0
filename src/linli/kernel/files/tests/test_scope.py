"""Who may fetch a file, how it is served, and what the sweeper takes."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.test import RequestFactory

from linli.kernel.acts import Act, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.files import selectors, store, views
from linli.kernel.files.models import File
from linli.kernel.files.services import Holder, keep, remove, sweep
from linli.kernel.files.tests import bytes as samples
from tests.town import Town


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path / "media"
    yield tmp_path / "media"


def upload(content: bytes | None = None, name: str = "路灯.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or samples.jpeg(), "text/html")


def of_wang(town: Town, **changes: Any) -> Holder:
    values: dict[str, Any] = {
        "owner_type": "rooms.thing",
        "owner_id": 7,
        "area": town.area("甲社区").pk,
        "account": town.account("wang").pk,
    }
    return Holder(**(values | changes))


def kept(town: Town, **changes: Any) -> File:
    act = town.act("wang")
    with under(act):
        return keep(act, upload(), owner=of_wang(town, **changes), purpose="report")


def fetch(act: Act, view: Any, pk: int, **headers: str) -> Any:
    request = RequestFactory().get("/files/", headers=headers)
    request.act = act  # type: ignore[attr-defined]
    with under(act):
        return view(request, pk=pk)


def contents(media: Path) -> list[Path]:
    return sorted(p for p in media.glob("*/*/*") if not p.name.endswith(store.THUMB_ENDING))


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("wang", True),
        ("li", False),
        ("chen", True),
        ("zhou", False),
        ("wu", True),
        ("zheng", False),
    ],
)
def test_a_file_is_seen_by_those_who_see_its_owner(town: Town, who: str, may: bool) -> None:
    pk, act = kept(town).pk, town.act(who)
    if may:
        assert fetch(act, views.original, pk).status_code == 200
        assert fetch(act, views.thumb, pk).headers["Content-Type"] == "image/webp"
        return
    with pytest.raises(Http404):
        fetch(act, views.original, pk)
    with pytest.raises(Http404):
        fetch(act, views.thumb, pk)


def test_a_department_sees_the_files_of_matters_given_to_it(town: Town) -> None:
    pk = kept(town, unit=town.unit("municipal").pk).pk
    assert fetch(town.act("zheng"), views.original, pk).status_code == 200
    with pytest.raises(Http404):
        fetch(town.act("gao"), views.original, pk)


def test_a_guest_sees_a_file_by_the_key_only(town: Town) -> None:
    key = uuid4()
    guest = Act(0, "", system_act().at, key=key)
    with under(guest):
        file = keep(
            guest, upload(), owner=of_wang(town, account=None, visitor=key), purpose="report"
        )
    assert file.account is None
    assert fetch(guest, views.original, file.pk).status_code == 200
    for other in (Act(0, "", guest.at), guest.on(key=uuid4())):
        with pytest.raises(Http404):
            fetch(other, views.original, file.pk)


def test_the_wall_alone_hides_the_row(town: Town) -> None:
    pk = kept(town).pk
    for who, seen in (("wang", 1), ("li", 0), ("zhou", 0), ("chen", 1)):
        with under(town.act(who)), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM files_file WHERE id = %s", [pk])
            assert cursor.fetchone() == (seen,)


def test_a_room_lets_its_readers_in(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    file, zheng = kept(town), town.act("zheng")
    assert not selectors.visible(zheng, file)
    monkeypatch.setitem(selectors._doors, "rooms.thing", lambda act, pk: pk == 7)
    assert selectors.visible(zheng, file)


def test_how_a_file_is_served(town: Town) -> None:
    file, wang = kept(town), town.act("wang")
    response = fetch(wang, views.original, file.pk)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Disposition"].startswith("inline; filename*=utf-8''")
    body = b"".join(response.streaming_content)
    assert len(body) == file.size
    again = fetch(wang, views.original, file.pk, **{"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert fetch(wang, views.thumb, file.pk).headers["ETag"] != response.headers["ETag"]


def test_a_document_is_a_download_without_a_thumbnail(town: Town) -> None:
    wang = town.act("wang")
    with under(wang):
        file = keep(wang, upload(samples.PDF, "公示.pdf"), owner=of_wang(town), purpose="evidence")
    response = fetch(wang, views.original, file.pk)
    assert response.headers["Content-Disposition"].startswith("attachment")
    with pytest.raises(Http404):
        fetch(wang, views.thumb, file.pk)


def test_a_lost_content_is_said_plainly(town: Town) -> None:
    file = kept(town)
    store.path_of(file.digest).unlink()
    assert fetch(town.act("wang"), views.original, file.pk).status_code == 410


def test_equal_contents_share_storage_but_not_permission(town: Town, media: Path) -> None:
    first = kept(town)
    li = town.act("li")
    with under(li):
        second = keep(
            li,
            upload(),
            owner=of_wang(town, owner_id=8, account=li.actor, area=town.area("丙社区").pk),
            purpose="report",
        )
    assert first.digest == second.digest
    assert len(contents(media)) == 1
    with pytest.raises(Http404):
        fetch(li, views.original, first.pk)
    with pytest.raises(Http404):
        fetch(town.act("wang"), views.original, second.pk)
    assert fetch(li, views.original, second.pk).status_code == 200


def test_keeping_costs_a_row_and_a_fact(town: Town, django_assert_num_queries: Any) -> None:
    act, holder = town.act("wang"), of_wang(town)
    with under(act), django_assert_num_queries(4):  # savepoint and its release, row, fact
        file = keep(act, upload(), owner=holder, purpose="report")
    with under(system_act()):
        fact = Fact.objects.get(verb="files.add", subject_id=file.pk)
    assert fact.data["purpose"] == "report"
    assert fact.data["digest"] == file.digest


def test_the_sweeper_takes_only_what_nobody_names_for_a_day(town: Town, media: Path) -> None:
    file = kept(town)
    orphan = store.put(b"nobody", b"thumb")
    young = store.put(b"just now")
    old = time.time() - 25 * 3600
    for digest in (file.digest, orphan):
        for thumb in (False, True):
            os.utime(store.path_of(digest, thumb=thumb), (old, old))
    assert sweep(system_act()) == 2
    assert store.path_of(file.digest).exists()
    assert store.path_of(file.digest, thumb=True).exists()
    assert store.path_of(young).exists()
    assert not store.path_of(orphan).exists()


def test_a_removed_file_goes_with_the_next_sweep(town: Town) -> None:
    file = kept(town)
    chen = town.act("chen").on(verbs=frozenset({"files.*"}))
    remove(chen, file, reason="照片里有别人的身份证")
    with pytest.raises(Http404):
        fetch(town.act("wang"), views.original, file.pk)
    assert sweep(system_act(), now=time.time() + 2 * 24 * 3600) == 2


def test_a_content_wanted_again_survives_the_sweep(media: Path, settings: Any) -> None:
    digest = store.put(b"again")
    moment = time.time() - 24 * 3600
    path = store.path_of(digest)
    os.utime(path, (moment - 3600, moment - 3600))
    listed = list(store.older_than(moment))
    store.put(b"again")
    assert listed == [path]
    assert not store.drop(path, moment)
    assert path.exists()


def test_many_writers_of_one_content_leave_one_whole_file(media: Path) -> None:
    content = os.urandom(200_000)
    threads = [threading.Thread(target=store.put, args=(content,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [p.read_bytes() == content for p in contents(media)] == [True]


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 64 + "/.."])
def test_only_digests_are_paths(digest: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        store.path_of(digest)


def test_a_refused_upload_leaves_nothing(town: Town, media: Path) -> None:
    act = town.act("wang")
    with pytest.raises(Exception, match="不是能上传"), under(act):
        keep(act, upload(samples.HTML), owner=of_wang(town), purpose="report")
    assert not media.exists() or not contents(media)
    with under(system_act()):
        assert not File.objects.exists()
