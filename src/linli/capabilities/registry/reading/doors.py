"""The door that a row names: estate, building, unit and room, from columns of their own or from a whole address."""

from __future__ import annotations

import polars as pl

from linli.capabilities.registry.rules import addresses

_USUAL = r"^(?:.*?(?:省|市|区|县|街道|镇|乡|社区|居委会|村委会))?(\p{Han}{2,12}?)([0-9]{1,4})(?:幢|栋|号楼)(?:([0-9]{1,2})单元)?([0-9]{3,4})室?$"


def doors(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `place`, `building_name`, `unit_no`, `room_no` and `building_key`, null where no door is named."""
    columns = rows.select(
        place=_each(rows["estate"], _estate),
        building_name=_each(rows["building"], addresses.building_name),
        unit_no=_each(rows["unit"], addresses.unit_name),
        room_no=_each(rows["room"], addresses.room_name),
    )
    whole = rows.select(pl.coalesce("address", "home_address", "registered_address")).to_series()
    need = columns["place"].is_null() | columns["building_name"].is_null()
    parsed = _parsed(pl.select(pl.when(need).then(whole)).to_series())
    both = [
        pl.select(
            pl.when(need & parsed["place"].is_not_null())
            .then(parsed[name])
            .otherwise(columns[name])
        )
        .to_series()
        .alias(name)
        for name in columns.columns
    ]
    done = rows.with_columns(both)
    there = pl.col("place").is_not_null() & pl.col("building_name").is_not_null()
    return done.with_columns(
        building_key=pl.when(there).then(pl.concat_str("place", "building_name")),
        unit_no=pl.col("unit_no").fill_null("").str.slice(0, 12),
        room_no=pl.when(pl.col("room_no") != "").then(pl.col("room_no").str.slice(0, 20)),
    )


def _estate(text: str) -> str:
    return addresses.plain(text)[:80]


def _each(texts: pl.Series, read: object) -> pl.Series:
    """Every different text read once; empty results are null."""
    different = texts.drop_nulls().unique().to_list()
    if not different or not callable(read):
        return texts
    told = {text: read(text) or None for text in different}
    return texts.replace_strict(told, default=None, return_dtype=pl.String)


def _parsed(texts: pl.Series) -> pl.DataFrame:
    """The parts of whole addresses; those that name no building stay empty."""
    tight = texts.str.normalize("NFKC").str.replace_all(r"\s", "")
    groups = tight.str.extract_groups(_USUAL).struct.unnest()
    quick = pl.DataFrame(
        {
            "place": groups["1"],
            "building_name": groups["2"].str.strip_chars_start("0") + "幢",
            "unit_no": groups["3"].str.strip_chars_start("0"),
            "room_no": groups["4"],
        }
    )
    left = pl.select(pl.when(groups["1"].is_null()).then(texts)).to_series()
    if left.null_count() == len(left):
        return quick
    slow = {text: addresses.parse(text) for text in left.drop_nulls().unique()}
    parts: dict[str, dict[str, str | None]] = {
        "place": {text: door.place or None for text, door in slow.items() if door.building},
        "building_name": {text: door.building or None for text, door in slow.items()},
        "unit_no": {text: door.unit for text, door in slow.items()},
        "room_no": {text: door.room or None for text, door in slow.items()},
    }
    read = {
        name: left.replace_strict(told, default=None, return_dtype=pl.String)
        if told
        else pl.repeat(None, len(left), dtype=pl.String, eager=True)
        for name, told in parts.items()
    }
    return quick.select(pl.coalesce(quick[name], read[name]).alias(name) for name in quick.columns)
