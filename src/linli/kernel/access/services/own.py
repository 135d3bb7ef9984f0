"""What a person does with their own account."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.models import Account, SavedFilter
from linli.kernel.access.services.staffing import weak
from linli.kernel.access.sessions import Session
from linli.kernel.acts import Act, Refusal, action


def _shown(text: str, most: int) -> str:
    """What can be seen of a short text; PostgreSQL takes no null characters, and nobody reads the others."""
    return "".join(c for c in text if c.isprintable()).strip()[:most]


def _filter_name(text: str) -> str:
    name = _shown(text, 40)
    if not name:
        raise Refusal(_("请给筛选起个名字。"), field="name")
    return name


@action("access.rename", title=_("修改称呼"), guard=False)
def rename(act: Act, *, name: str) -> Account:
    """Change how one is addressed."""
    account = Account.objects.select_for_update().get(pk=act.actor)
    account.name = _shown(name, 64)
    account.save(update_fields=["name"])
    return account


@action("access.change_password", title=_("修改密码"), guard=False)
def change_password(act: Act, *, old: str, new: str, keep: str = "") -> Account:
    """Change one's password and end every other session (`keep` names the one that stays)."""
    account = Account.objects.select_for_update().get(pk=act.actor)
    if not check_password(old, account.password):
        raise Refusal(_("原密码不正确。"), field="old")
    weak(new)
    if new == old:
        raise Refusal(_("新密码不能和原密码相同。"), field="new")
    account.password = make_password(new)
    account.save(update_fields=["password"])
    Session.objects.filter(account=act.actor).exclude(pk=keep).delete()
    return account


@action("access.sign_out_everywhere", title=_("退出所有设备"), guard=False)
def sign_out_everywhere(act: Act, *, keep: str = "") -> None:
    """End all of one's sessions; `keep` names the one that stays."""
    Session.objects.filter(account=act.actor).exclude(pk=keep).delete()


@action("access.save_filter", title=_("保存筛选"), guard=False)
def save_filter(act: Act, *, page: str, name: str, query: str) -> SavedFilter:
    """Keep a list's filter under a name; the same name is written over."""
    name = _filter_name(name)
    own = SavedFilter.objects.filter(account_id=act.actor, page=page)
    last = own.aggregate(place=Max("place"))["place"]
    kept, _made = SavedFilter.objects.update_or_create(
        account_id=act.actor,
        page=page,
        name=name,
        defaults={"query": query[:600]},
        create_defaults={"query": query[:600], "place": 0 if last is None else last + 1},
    )
    return kept


@action("access.rename_filter", title=_("给筛选改名"), guard=False)
def rename_filter(act: Act, *, filter_id: int, name: str) -> SavedFilter:
    """Give a saved filter of one's own another name; no two of a page are called alike."""
    kept = _own_filter(act, filter_id)
    name = _filter_name(name)
    same = SavedFilter.objects.filter(account_id=act.actor, page=kept.page, name=name)
    if same.exclude(pk=kept.pk).exists():
        raise Refusal(_("已经有一个筛选叫这个名字，请换一个。"), field="name", code="taken")
    kept.name = name
    kept.save(update_fields=["name"])
    return kept


@action("access.move_filter", title=_("调整筛选顺序"), guard=False)
def move_filter(act: Act, *, filter_id: int, by: int) -> SavedFilter:
    """Move a saved filter of one's own so many places up (negative) or down among those of its page."""
    kept = _own_filter(act, filter_id)
    own = SavedFilter.objects.filter(account_id=act.actor, page=kept.page)
    rows = list(own.select_for_update().order_by("place", "name"))
    at = rows.index(kept)
    rows.insert(max(0, at + by), rows.pop(at))
    for place, row in enumerate(rows):
        row.place = place
    SavedFilter.objects.bulk_update(rows, ["place"])
    return kept


def _own_filter(act: Act, filter_id: int) -> SavedFilter:
    kept = SavedFilter.objects.filter(pk=filter_id, account_id=act.actor).first()
    if kept is None:
        raise Refusal(_("没有这个筛选，可能已经删掉了。"), code="gone")
    return kept


@action("access.drop_filter", title=_("删除筛选"), guard=False)
def drop_filter(act: Act, *, filter_id: int) -> None:
    """Forget a saved filter of one's own."""
    SavedFilter.objects.filter(pk=filter_id, account_id=act.actor).delete()
