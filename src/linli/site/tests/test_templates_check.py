"""What is wrong with a template is told before a reader meets it."""

from __future__ import annotations

from jinja2 import DictLoader, Environment

from linli.site.templates_check import broken_templates

FAULTY = {
    "a.html": "{% if %}",
    "b.html": '{% extends "nowhere.html" %}',
    "c.html": "{% set self = 1 %}{% block main %}{{ self }}{% endblock %}",
    "d.html": "{% for caller in [1] %}{{ caller }}{% endfor %}",
    "da.html": "{{ _('%(n)s more') % {'n': 2} }}",
}
SOUND = {
    "e.html": "{% macro box(x) %}{{ caller() }}{{ x }}{% endmacro %}"
    "{% set own = 1 %}{% call box(own) %}{{ own }}{% endcall %}",
    "f.html": '{% extends "e.html" %}{% block main %}{{ super() }}{% endblock %}',
    "g.html": "{{ _('%(n)s more', n=2) }}{{ ngettext('%(num)s day', '%(num)s days', 2) }}",
}


def test_each_fault_is_told_once_with_its_template() -> None:
    told = list(broken_templates(Environment(autoescape=True, loader=DictLoader(FAULTY | SOUND))))
    assert [line.split(":")[0] for line in told] == list(FAULTY)
    assert "nowhere.html is not there" in told[1]
    assert "line 1 sets self" in told[2] and "sets caller" in told[3]
    assert "without n" in told[4]
