"""What agreement is worth: m (how often the same person agrees so) and u (how often two different people do).

Declared, not learned: a department's file of a hundred rows can teach nothing, and whoever asks why two rows met must
get the same answer tomorrow. Shares of m follow what offices get wrong (a mistyped character, an old number, a move);
u of phone and home is kept a hundred times above chance, because families share both.
"""

from __future__ import annotations

from typing import Any

from splink import SettingsCreator

LEAST = 20_000  # people; in a smaller registry chance is not smaller
_NULL: dict[str, Any] = {"is_null_level": True, "label_for_charts": "not said"}
_ONE_OFF = "levenshtein(name_l, name_r) = 1 and length(name_l) >= 2 and name_l[1] = name_r[1]"
_SWAPPED = "born_l[1:4] = born_r[1:4] and born_l[6:7] = born_r[9:10] and born_l[9:10] = born_r[6:7]"


def _level(condition: str, m: float, u: float, label: str) -> dict[str, Any]:
    return {
        "sql_condition": condition,
        "label_for_charts": label,
        "m_probability": m,
        "u_probability": u,
    }


def _null(column: str) -> dict[str, Any]:
    return {"sql_condition": f"{column}_l is null or {column}_r is null", **_NULL}


def _comparison(name: str, *levels: dict[str, Any]) -> dict[str, Any]:
    return {
        "output_column_name": name,
        "comparison_description": name,
        "comparison_levels": list(levels),
    }


NAME = _comparison(
    "name",
    _null("name"),
    _level("name_l = name_r and length(name_l) >= 3", 0.45, 0.00005, "same, three or more"),
    _level("name_l = name_r", 0.35, 0.0005, "same, two"),
    _level(_ONE_OFF, 0.17, 0.002, "one character of the given name differs"),
    _level("name_l[1] = name_r[1]", 0.02, 0.06, "surname only"),
    _level("ELSE", 0.01, 0.93745, "other"),
)
BORN = _comparison(
    "born",
    _null("born"),
    _level("born_l = born_r", 0.87, 0.00004, "same day"),
    _level(_SWAPPED, 0.04, 0.00005, "day and month changed places"),
    _level("levenshtein(born_l, born_r) = 1", 0.06, 0.001, "one digit differs"),
    _level("born_l[1:4] = born_r[1:4]", 0.02, 0.015, "same year"),
    _level("ELSE", 0.01, 0.98391, "other"),
)
PHONE = _comparison(
    "phone",
    _null("phone"),
    _level("phone_l = phone_r", 0.82, 0.0001, "same"),
    _level("ELSE", 0.18, 0.9999, "other"),
)
HOME = _comparison(
    "home",
    _null("community"),
    _level("home_l = home_r", 0.72, 0.0001, "same home"),
    _level("building_l = building_r", 0.03, 0.001, "same building"),
    _level(
        "community_l = community_r and home_l is null", 0.1, 0.012, "same community, no door said"
    ),
    _level("community_l = community_r", 0.1, 0.012, "same community"),
    _level("ELSE", 0.05, 0.9749, "elsewhere"),
)
SEX = _comparison(
    "sex",
    _null("sex"),
    _level("sex_l = sex_r", 0.99, 0.5, "same"),
    _level("ELSE", 0.01, 0.5, "other"),
)
BLOCKS = (
    "l.name = r.name and l.born = r.born",
    "l.phone = r.phone",
    "l.home = r.home",
)


def settings(people: int) -> SettingsCreator:
    """Splink's settings for a registry of so many people."""
    return SettingsCreator(
        link_type="link_only",
        unique_id_column_name="unique_id",
        probability_two_random_records_match=1 / max(LEAST, people),
        blocking_rules_to_generate_predictions=[
            {"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in BLOCKS
        ],
        comparisons=[NAME, BORN, PHONE, HOME, SEX],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
        additional_columns_to_retain=["key"],
    )
