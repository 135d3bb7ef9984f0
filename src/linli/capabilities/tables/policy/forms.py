"""Section `forms`: what the law says of asking twice, and how much time communities have to answer."""

from __future__ import annotations

from pydantic import Field

from linli.kernel.policy.shapes import Norm, Strict
from linli.ui.spoken import SpokenText


class Sharing(Norm):
    """What can be had by sharing is not collected again."""

    title: SpokenText
    words: SpokenText


class Notice(Norm):
    """Working days that lie at least between sending a form out and its due day."""

    days: int = Field(ge=0, le=60)


class FormsPolicy(Strict):
    """Section `forms`."""

    sharing: Sharing
    notice: Notice
