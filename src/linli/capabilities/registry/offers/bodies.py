"""Organisations, and who holds which post in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.offers.pieces import body, record
from linli.capabilities.registry.verbs import CLEAR
from linli.kernel.dictionary.offers.shapes import Column, Join, Row

_LABELS = Column(
    "o.labels",
    said="o.sources",
    field="labels",
    many=True,
    value="l.label",
    holds="EXISTS (SELECT FROM unnest(o.labels) l(label) WHERE {test})",
)

ORGANISATION = record(
    "organisation",
    "o",
    title=_("单位"),
    clear=CLEAR.code,
    rows={"organisation": Row("o", said="o.sources", more="o.more")},
    columns={
        "organisation.labels": _LABELS,
        "organisation.parent": Column("pa.name", ("parent",), said="o.sources", field="parent_id"),
        "organisation.competent": Column(
            "co.name", ("competent",), said="o.sources", field="competent_id"
        ),
        "organisation.community": Column("o.area_id", level="community"),
        "organisation.phone": Column(
            "o.phone",
            said="o.sources",
            field="phone",
            sealed="phone",
            place="registry_organisation.phone",
        ),
    },
    joins={"parent": body("pa", "o.parent_id"), "competent": body("co", "o.competent_id")},
    opens="registry:organisation",
    name="o.name",
)

HOLDING = record(
    "holding",
    "n",
    title=_("任职"),
    clear=CLEAR.code,
    base="registry_holding n JOIN registry_organisation o ON o.id = n.organisation_id",
    rows={
        "holding": Row("n", said="n.sources", more="n.more"),
        "organisation": Row("o", said="o.sources"),
    },
    columns={
        "holding.organisation": Column("o.name", said="o.sources", field="name"),
        # Of a holder who lives here the register knows what the list of posts leaves open.
        "holding.sex": Column(
            "coalesce(nullif(n.sex, ''), hp.sex)", ("holder",), said="n.sources", field="sex"
        ),
        "holding.born": Column(
            "coalesce(n.more ->> 'born', hp.born::text)", ("holder",), said="n.sources", text=True
        ),
        "holding.political": Column(
            "coalesce(nullif(n.political, ''), hp.political)",
            ("holder",),
            said="n.sources",
            field="political",
        ),
        "holding.education": Column(
            "coalesce(n.more ->> 'education', hp.education)", ("holder",), said="n.sources"
        ),
        "holding.delegate_of": Column("de.name", ("delegate",)),
        "holding.document": Column(
            "hp.document",
            ("holder",),
            said="hp.sources",
            field="document",
            sealed="id_number",
            place="registry_person.document",
            index="hp.document_index",
        ),
        "organisation.community": Column("n.area_id", level="community"),
    },
    without=frozenset(
        {
            "organisation.parent",
            "organisation.competent",
            "organisation.labels",
            "organisation.members",
            "organisation.capital",
            "organisation.scope",
        }
    ),
    joins={
        "delegate": body("de", "n.delegate_of_id"),
        "holder": Join("LEFT JOIN registry_person hp ON hp.id = n.person_id"),
    },
    opens="",
    name="n.name",
)
