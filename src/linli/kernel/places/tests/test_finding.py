"""Areas by words: what an address names, and what it leaves open."""

from pathlib import Path

from linli.kernel.acts import Act
from linli.kernel.places import finding, selectors, services
from linli.kernel.places.models import Area
from linli.kernel.places.tests.little import ROWS, table


def test_areas_are_found_by_the_words_of_an_address(act: Act, city: Area) -> None:
    (best, *_rest) = finding.find("试点市南区春街道花社区3幢")
    assert best.area.code == "990101001001" and best.reason == "试点市、南区、春街道、花社区"
    autumn = selectors.by_code("990101002000")
    assert finding.find("花社区", within=autumn.span) == []


def test_a_name_that_several_share_is_not_guessed(act: Act, city: Area, tmp_path: Path) -> None:
    """Two communities of one name, and estates called like a community that they do not lie in."""
    rows = (
        ROWS
        + "990101001003,梅园社区居委会,community,990101001000\n"
        + "990101002003,梅园社区居委会,community,990101002000\n"
    )
    services.import_divisions(act, table(tmp_path, rows))
    east, west = selectors.by_code("990101001003"), selectors.by_code("990101002003")
    autumn = selectors.by_code("990101002000")
    for words in ("梅园社区3号楼", "梅园公寓3号楼"):
        found = finding.told(words)
        assert found.area is None and set(found.several) == {east, west}, words
        assert found.whole == ("梅园社区" in words)
        assert finding.told(words, within=autumn.span).area == west
        assert finding.told(words, near=east).area == east
        assert finding.told(words, near=selectors.by_code("990101")).several
    assert finding.told("秋街道梅园社区3号楼").area == west
    assert finding.told("秋街道").area == autumn
    assert finding.told("月社区").area == selectors.by_code("990101001002")
    assert finding.told("火星") == finding.told("") == finding.Told(None)
    assert finding.listed([east, west]) == "南区春街道梅园社区、南区秋街道梅园社区"
    assert finding.listed([east, west], 1) == "南区春街道梅园社区等"
