"""What an installer types before anybody can sign in."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from linli.kernel.access.commands import access
from linli.kernel.access.hats import act_for
from linli.kernel.access.models import Account, Unit
from linli.kernel.access.services import TRIES
from tests.town import Town


def run(*words: str, typed: str = "") -> Result:
    """Run `linli access …`."""
    return CliRunner().invoke(access, list(words), input=typed)


def test_from_nothing_to_a_clerk(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text(
        "code,name,kind,area\nnew,新居委会,committee,329901001001\n,无码,committee,329901001001\n"
        f"far,远,committee,110101001001\nlong,{'长' * 90},committee,329901001001\n",
        encoding="utf-8",
    )
    told = run("units", str(file))
    assert told.exit_code == 1 and "已登记 1 个单位，未采用 3 行" in told.output
    assert "第 4 行" in told.output and Unit.objects.get(code="new").name == "新居委会"
    assert run("hire", "ming", "明明", typed="short\nshort\n").exit_code == 1
    assert run("hire", "ming", "明明", typed="Neues-Wort-1\nNeues-Wort-1\n").exit_code == 0
    given = ("--unit", "new", "--area", "329901001001", "--post")
    assert run("appoint", "ming", *given, "no_such").exit_code == 1
    assert run("appoint", "nobody", *given, "clerk").exit_code == 1
    assert run("appoint", "ming", *given, "clerk").exit_code == 0
    assert act_for(Account.objects.get(login="ming").pk).post == "clerk"


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text("code,name\na,b\n", encoding="utf-8")
    assert "缺少列：kind、area" in run("units", str(file)).output


def test_unlocking(town: Town) -> None:
    Account.objects.filter(login="chen").update(failed=TRIES, second_secret=None)
    assert run("unlock", "chen", "--second").exit_code == 0
    assert town.account("chen").failed == 0
