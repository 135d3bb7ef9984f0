"""What is made once for a process knows for whom it is drawn now."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.template import engines
from django.templatetags.static import static
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from markupsafe import Markup

from linli.site.jinja import environment, url

PAGE = """{% import "ui/parts.html" as ui with context %}{{ ui.csrf() }}{{ ui.pick_all() }}
{{ ui.sortable_th("T", "opened") }}{{ csrf_token }}"""


def _drawn(request: HttpRequest | None, language: str = "zh-hans") -> str:
    page = engines["jinja2"].from_string(PAGE)
    with translation.override(language):
        return str(page.render({} if request else {"csrf_token": ""}, request))


def _asked(cookie: str, query: str = "") -> HttpRequest:
    request = RequestFactory().get(f"/desk/matters/?{query}")
    request.META["CSRF_COOKIE"] = cookie * 32
    return request


def test_the_parts_take_request_and_token_from_the_page_that_draws_them() -> None:
    first = _drawn(_asked("a", "sort=opened&show=all"))
    second = _drawn(_asked("b", "show=closed"))
    assert "show=all" in first and "show=all" not in second
    tokens = [re.findall(r'value="(\w{64})"', page) for page in (first, second)]
    assert tokens[0] and tokens[1] and tokens[0] != tokens[1]
    assert 'value=""' in _drawn(None), "a page for nobody carries nobody's token"


def test_one_page_carries_one_token() -> None:
    page = _drawn(_asked("a"))
    found = re.findall(r'value="(\w{64})"', page)
    assert page.rstrip().endswith(found[0])


def test_words_follow_the_language_of_the_reader() -> None:
    chinese, english = _drawn(_asked("a")), _drawn(_asked("a"), "en")
    assert "选中本页全部" in chinese and "选中本页全部" not in english
    assert "选中本页全部" in _drawn(_asked("a"))


def test_addresses_are_those_of_the_resolver() -> None:
    for value in ("26-0001234-5", "a b/c", "..", "编号"):
        kwargs = {"number": value}
        if "/" in value:
            continue
        assert url("matters:desk_matter", **kwargs) == reverse("matters:desk_matter", kwargs=kwargs)
    assert url("matters:desk_open", key=7) == reverse("matters:desk_open", kwargs={"key": 7})
    step = {"number": "26-1", "verb": "accept"}
    assert url("matters:desk_step", **step) == reverse("matters:desk_step", kwargs=step)
    assert url("matters:list", q={"show": "all"}) == reverse("matters:list") + "?show=all"


def test_a_sentence_without_values_is_looked_up_for_each_reader() -> None:
    page = engines["jinja2"].from_string('{{ _("选中本页全部") }}|{{ _("第 %(n)d 轮", n=2) }}')
    with translation.override("en"):
        english = str(page.render({}, None))
    assert str(page.render({}, None)) == "选中本页全部|第 2 轮"
    assert "选" not in english and "2" in english


def test_the_address_of_a_static_file_is_text_of_the_page() -> None:
    settled = environment(autoescape=True).compile(
        '{{ static("ui/ui.css") }}{{ static(name) }}', raw=True
    )
    assert repr(str(static("ui/ui.css")))[1:-1] in settled
    assert settled.count("'ui/ui.css'") == 0, "asked when compiled, not when drawn"


class Bold:
    """Something that knows its own HTML."""

    def __html__(self) -> str:
        return "<b>粗</b>"


def test_what_a_page_is_given_is_escaped_once_and_what_is_safe_stays() -> None:
    page = engines["jinja2"].from_string(
        "{% macro part(x) %}<i>{{ x }}</i>{% endmacro %}"
        "{% for x in found %}{{ x }}{{ part(x) }}{% endfor %}{{ found[0] ~ '<' }}{{ found[0] | upper }}"
    )
    told = str(page.render({"found": ["<&'\"", Markup("<u>"), Bold(), 7, None]}, None))
    once = "&lt;&amp;&#39;&#34;"
    assert told == (
        f"{once}<i>{once}</i><u><i><u></i><b>粗</b><i><b>粗</b></i>7<i>7</i>None<i>None</i>"
        f"{once}&lt;{once}"
    )
