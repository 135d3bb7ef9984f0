"""What the rooms offer to be read: record sets by element, under the reader's scope, whichever room keeps them.

A room declares its record sets as `Offer`s and names them in its manifest; whoever reads says a `Query` and never
sees a table. `read` streams columns, `page` gives one screen, `count` says how many, `words` says the query.
"""

from linli.kernel.dictionary.offers.conditions import Condition, Op, Query, is_
from linli.kernel.dictionary.offers.known import Offered, known, offer, offered, offers, readable
from linli.kernel.dictionary.offers.reading import (
    Batch,
    Page,
    batches,
    count,
    keys,
    one,
    page,
    read,
    some,
)
from linli.kernel.dictionary.offers.said import conditions_said, shown, words
from linli.kernel.dictionary.offers.shapes import Change, Column, Join, Offer, Row, Said

__all__ = [
    "Batch",
    "Change",
    "Column",
    "Condition",
    "Join",
    "Offer",
    "Offered",
    "Op",
    "Page",
    "Query",
    "Row",
    "Said",
    "batches",
    "conditions_said",
    "count",
    "is_",
    "keys",
    "known",
    "offer",
    "offered",
    "offers",
    "one",
    "page",
    "read",
    "readable",
    "shown",
    "some",
    "words",
]
