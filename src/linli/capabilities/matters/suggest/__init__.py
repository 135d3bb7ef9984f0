"""Suggest 类别推荐与相似诉求: which category a text belongs to, and which open matters tell of the same.

Pure: no Django, no clock but the stopwatch of `evaluate`. `from_catalogue` works on the first day from the
pack's keywords; `Classifier` learns once labelled messages exist; `blend` uses both.
"""

from linli.capabilities.matters.suggest.alike import (
    lookalikes,
    query_tokens,
    similarity,
    tokens,
)
from linli.capabilities.matters.suggest.catalogue import (
    CatalogueEntry,
    Suggester,
    blend,
    from_catalogue,
)
from linli.capabilities.matters.suggest.classifier import Classifier
from linli.capabilities.matters.suggest.evaluation import Figures, Report, evaluate, held_out
from linli.capabilities.matters.suggest.messages import BadRow, Message, read_messages
from linli.capabilities.matters.suggest.text import Suggestion, plain

__all__ = [
    "BadRow",
    "CatalogueEntry",
    "Classifier",
    "Figures",
    "Message",
    "Report",
    "Suggester",
    "Suggestion",
    "blend",
    "evaluate",
    "from_catalogue",
    "held_out",
    "lookalikes",
    "plain",
    "query_tokens",
    "read_messages",
    "similarity",
    "tokens",
]
