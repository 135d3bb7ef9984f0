"""`linli policy`: what a city's staff see."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from linli.kernel.policy import commands
from linli.kernel.policy import load as load_pack
from linli.kernel.policy import versions as room
from linli.kernel.policy.load import RawPack
from tests.packs.sketch import GOOD, write


def _run(*words: str) -> Result:
    return CliRunner().invoke(commands.policy, list(words), catch_exceptions=False)


def test_check_lists_every_place_with_its_layers() -> None:
    done = _run("check")
    assert done.exit_code == 0
    assert "national → jiangsu → wuxi" in done.output


def test_check_names_file_line_and_key_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "one", a=GOOD)

    def elsewhere(place: str) -> RawPack:
        return load_pack(place, tmp_path)

    monkeypatch.setattr(commands, "load", elsewhere)
    monkeypatch.setattr(room, "load", elsewhere)
    done = _run("check", "one")
    assert done.exit_code == 1
    assert "✗ one/a.yaml:1 small: unknown section `small`" in done.output


def test_an_unknown_place_is_said_in_words() -> None:
    done = _run("check", "nowhere")
    assert done.exit_code == 1
    assert "there is no pack `nowhere`" in done.output


def test_diff_counts_the_changes() -> None:
    done = _run("diff", "national", "wuxi")
    assert done.exit_code == 0
    assert "处变化" in done.output
    assert _run("diff", "wuxi", "wuxi").output.endswith("共 0 处变化。\n")


def test_show_gives_the_value_its_lines_and_its_source() -> None:
    done = _run("show", "wuxi", "matters.duplicates.radius_m")
    assert done.output.splitlines()[0] == "200"
    assert "← national/matters.yaml:" in done.output
    assert "← jiangsu/matters.yaml:" in done.output
    assert "来源：默认示例，待江苏省核定" in done.output
    assert "（default）" in done.output


def test_show_says_when_a_path_leads_nowhere() -> None:
    done = _run("show", "wuxi", "matters.nothing")
    assert done.exit_code == 1
    assert "wuxi 里没有 matters.nothing" in done.output


def test_show_without_a_path_lists_what_was_overridden() -> None:
    assert "calendar.cut_off" in _run("show", "wuxi").output


@pytest.mark.django_db
def test_apply_says_which_version_is_in_force() -> None:
    done = _run("apply", "wuxi", "--note", "试运行")
    assert done.exit_code == 0
    assert "政策包 wuxi 第" in done.output
    assert _run("diff", "current", "wuxi").output.endswith("共 0 处变化。\n")
