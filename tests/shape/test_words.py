"""English is complete: every sentence has it, placeholders fit, no Chinese is out of a translation's reach."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import locale as django_locale
from django.utils import translation
from django.utils.translation import gettext, ngettext

from linli.site.words import catalogues, checks, strays
from linli.site.words.catalogues import ENGLISH, Found, read, renewed

DJANGO = Path(str(django_locale.__file__)).parent / "zh_Hans/LC_MESSAGES/django.po"


def test_nothing_is_wrong_with_the_words() -> None:
    assert "\n".join(checks.problems()) == ""


def test_the_compiled_english_is_what_pages_say() -> None:
    catalogues.compile_all()
    with translation.override("en"):
        assert gettext("报一件事") == "Report something"
        told = [ngettext("%(n)s个工作日", "%(n)s个工作日", n) % {"n": n} for n in (1, 3)]
    assert told == ["1 working day", "3 working days"]


def test_our_form_messages_are_still_those_of_django() -> None:
    with DJANGO.open("rb") as file:
        theirs = read_po(file, locale="zh_Hans")
    ours = [m.id for m in read(catalogues.CHINESE) if m.id]
    gone = [key for key in ours if (found := theirs.get(key)) is None or found.id != key]
    assert ours and gone == []


@pytest.mark.parametrize(
    ("key", "english", "said"),
    [
        ("还有 %(n)s 件", "", "no English"),
        ("还有 %(n)s 件", "%(m)s more", "placeholders differ"),
        ("还有 %(n)s 件", "another", "placeholders differ"),
        ("按时率", "On time, %", "a bare %"),
        ("办结", "办结", "Chinese in the English"),
        ("办结", "Closed。", "Chinese in the English"),
    ],
)
def test_what_is_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch, key: str, english: str, said: str
) -> None:
    assert any(said in line for line in _problems(monkeypatch, [key], {key: english}))


def test_forgotten_and_left_over_sentences_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _problems(monkeypatch, ["新的一句"], {"旧的一句": "An old one"})
    assert [line.split(" (")[0] for line in lines] == ["not extracted", "no longer used"]


def _problems(
    monkeypatch: pytest.MonkeyPatch, found: list[str], english: dict[str, str]
) -> list[str]:
    catalogue = Catalog(locale=ENGLISH)
    for key, text in english.items():
        catalogue.add(key, text)
    sentences = [Found(key, "a.py", 1) for key in found]
    given: dict[str, Callable[..., object]] = {
        "sentences": lambda: sentences,
        "strays": lambda: [],
        "read": lambda language: catalogue if language == ENGLISH else Catalog(locale="zh_Hans"),
    }
    for name, function in given.items():
        monkeypatch.setattr(checks, name, function)
    return list(checks.problems())


@pytest.mark.parametrize(
    ("name", "text", "stray"),
    [
        ("a.py", 'x = _("好")', ""),
        ("a.py", '"""说明。"""\nx = 1  # 注', ""),
        ("a.py", 'raise Refusal("不行")', "不行"),
        ("a.py", 'x = f"共{n}件"', "共"),
        ("a.py", 'x = "月"  # words: a format', ""),
        ("templates/a.html", '<p>{{ _("好") }}</p><!-- 注 -->{# 注 #}', ""),
        ("templates/a.html", "<p>{% trans %}好{% endtrans %}</p>", ""),
        ("templates/a.html", "<p>好</p>", "好"),
        ("templates/a.html", '<img alt="好">', "好"),
        ("templates/a.html", '{{ ui.button("好") }}', "好"),
        ("templates/a.html", "<p>{{ a }}：{{ b }}</p>", "："),
        ("static/a.js", "// 注\n/* 注\n注 */\nsay(node.dataset.said);", ""),
        ("static/a.js", 'say("好");', "好"),
    ],
)
def test_chinese_out_of_reach_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, stray: str
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    monkeypatch.setattr(strays, "SOURCE", tmp_path)
    monkeypatch.setattr(strays, "ROOT", tmp_path)
    found = strays.strays()
    assert any(stray in line for line in found) if stray else found == []


def test_a_translation_is_kept_and_what_is_gone_is_dropped() -> None:
    old = Catalog(locale=ENGLISH)
    old.add("办结", "Closed")
    old.add("没有了", "Gone")
    fresh = renewed(old, [Found("办结", "a.py", 9), Found("新的", "b.py", 1)])
    assert {str(m.id): m.string for m in fresh if m.id} == {"办结": "Closed", "新的": None}
