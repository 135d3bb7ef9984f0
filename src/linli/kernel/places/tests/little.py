"""A city of five areas, as a division table."""

from pathlib import Path

from linli.kernel.places import divisions

ROWS = """\
code,name,level,parent
990100000000,试点市,city,
990101000000,南区,district,990100000000
990101001000,春街道,street,990101000000
990101001001,花社区居委会,community,990101001000
990101001002,月社区居委会,community,990101001000
990101002000,秋街道,street,990101000000
990101002001,风社区居委会,community,990101002000
"""


def table(tmp_path: Path, text: str = ROWS) -> divisions.Table:
    """A division table of the little city, or of other rows."""
    file = tmp_path / "rows.csv"
    file.write_text(text, encoding="utf-8")
    return divisions.read_all([file])
