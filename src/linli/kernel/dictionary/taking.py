"""Taking rows out of the house through an offer: part of a room's own verb, whose fact says what was taken and of whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act, Denied, note, permit, verbs
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Query

MOST = 100_000
STRIDE = 1000


def allow(act: Act, query: Query, *, clear: bool = False) -> int:
    """How many rows a taking has, after every permission was asked; notes which record set, elements and people.

    The fact holds the ids of everybody in it (`taken`), so that each of them can be told. `clear`: protected values
    in clear, for those who hold the offer's verb for it.
    """
    offer = offers.offer(act, query.record_set)
    if not offer.takes:
        raise Denied(_("“%(title)s”不能导出。") % {"title": offer.title})
    permit(act, verbs()[offer.takes])
    if clear and not (offer.clear and act.may(offer.clear)):
        raise Denied(_("您没有导出完整证件号码和电话的权限。"))
    keys = offers.keys(act, query, MOST)
    told = {"taken": keys} if offer.subject == "people" else {}
    note(
        record_set=query.record_set,
        elements=list(query.elements),
        **told,
        **({"field": "clear"} if clear else {}),
    )
    return len(keys)


def rows(
    act: Act, query: Query, heads: Sequence[str], *, clear: bool = False
) -> Iterator[list[object]]:
    """The cells of a taking in words, in the order of the elements named (empty: an empty cell), page by page."""
    known = offers.offered(query.record_set)
    for batch in offers.batches(act, query, size=STRIDE, clear=clear):
        columns = [
            [offers.shown(known[code].element, value) for value in batch.values[code]]
            if code
            else [""] * len(batch)
            for code in heads
        ]
        for at in range(len(batch)):
            yield [column[at] for column in columns]
