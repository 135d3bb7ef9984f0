"""Category suggestion, look-alikes and the reading of message files."""

from __future__ import annotations

import csv
import gzip
import pickle
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.capabilities.matters.suggest import (
    BadRow,
    CatalogueEntry,
    Classifier,
    Message,
    Suggester,
    blend,
    evaluate,
    from_catalogue,
    held_out,
    lookalikes,
    query_tokens,
    read_messages,
    similarity,
    tokens,
)
from linli.capabilities.matters.tests.said import FRESH, ROUNDABOUT, SAID, SERVICES
from linli.capabilities.matters.tests.spoken import KEPT, SEEN

ROOT = Path(__file__).resolve().parents[5]
MESSAGES = ROOT.parent / "shared" / "data" / "messages"
real_messages = pytest.mark.skipif(
    not MESSAGES.is_dir(), reason="real messages absent: ../shared/data/messages"
)


def entries(pattern: str, kind: str) -> list[CatalogueEntry]:
    """Catalogue entries of the shipped packs."""
    found = []
    for path in sorted((ROOT / "policies").glob(pattern)):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["matters"].get(kind, []):
            words = tuple(map(str, entry.get("keywords", ())))
            condition = entry.get("filing_condition", "")
            found.append(CatalogueEntry(str(entry["code"]), entry["title"], "", condition, words))
    return found


def shares(suggester: Suggester, table: tuple[tuple[str, str], ...]) -> tuple[float, float]:
    """Share of sentences whose code comes first, and among the first three."""
    answers = [([s.code for s in suggester.suggest(text)], code) for text, code in table]
    first = sum(codes[:1] == [code] for codes, code in answers)
    return first / len(table), sum(code in codes for codes, code in answers) / len(table)


def rows_of(name: str) -> list[tuple[str, str]]:
    """Text and label of every message of a real file."""
    return [(m.text, m.label) for m in read_messages(MESSAGES / name) if isinstance(m, Message)]


CLASSES = entries("national/classes/*.yaml", "classes")
SMALL = [
    (f"{place}{what}", label)
    for label, whats in {
        "灯": ("路灯不亮了", "楼道灯坏了", "灯泡一直闪"),
        "水": ("下水道堵了", "水管爆裂漏水", "污水倒灌"),
        "车": ("车位被占", "汽车乱停放", "电动车挡道"),
    }.items()
    for what in whats
    for place in ("东区", "西区", "南门", "北门", "广场边")
]


def small() -> Classifier:
    return Classifier.fit([t for t, _ in SMALL], [k for _, k in SMALL])


def test_first_day_event_classes() -> None:
    assert len(SAID) >= 60
    first, three = shares(from_catalogue(CLASSES), SAID)
    assert first >= 0.80
    assert three >= 0.95


def test_first_day_roundabout_speech() -> None:
    first, three = shares(from_catalogue(CLASSES), ROUNDABOUT)
    assert first >= 0.80
    assert three >= 0.95


def test_first_day_unseen_sentences_are_held_where_they_were_measured() -> None:
    first, three = shares(from_catalogue(CLASSES), FRESH)
    assert first >= 0.52  # 0.56 and 0.68 when written; a wider keyword list raises them
    assert three >= 0.64


@pytest.mark.parametrize("sentences", [SEEN, KEPT])
def test_many_ways_of_speaking_lead_to_their_category(
    sentences: tuple[tuple[str, str], ...],
) -> None:
    suggester = from_catalogue([*CLASSES, *entries("wuxi/items/*.yaml", "items")])
    first = three = 0
    for text, fitting in sentences:
        codes = [found.code for found in suggester.suggest(text)]
        first += codes[:1] != [] and codes[0] in fitting.split()
        three += bool(set(codes) & set(fitting.split()))
    assert first >= 0.85 * len(sentences)  # 0.92 and 0.94 when written, before 0.62 and 0.74
    assert three >= 0.92 * len(sentences)


def test_first_day_service_items() -> None:
    first, three = shares(from_catalogue(entries("wuxi/items/*.yaml", "items")), SERVICES)
    assert first >= 0.80
    assert three >= 0.90


@pytest.mark.parametrize("text", ["", "   ", "。。。", "xyz", "😀"])
def test_nothing_is_suggested_for_nothing_known(text: str) -> None:
    assert from_catalogue(CLASSES).suggest(text) == []


def test_suggestions_are_ordered_and_bounded() -> None:
    suggesters: tuple[Suggester, ...] = (from_catalogue(CLASSES), small())
    for suggester in suggesters:
        found = suggester.suggest("路灯坏了，下水道也堵了", most=2)
        assert len(found) == 2
        assert 1.0 >= found[0].confidence >= found[1].confidence > 0.0


def test_a_blend_knows_both_and_starts_without_learning() -> None:
    catalogue = from_catalogue([CatalogueEntry("狗", "养狗扰民", keywords=("狗叫",))])
    assert blend(catalogue, None) is catalogue
    both = blend(catalogue, small())
    assert "狗" in [s.code for s in both.suggest("楼下狗叫不停")]
    assert both.suggest("楼道灯坏了")[0].code == "灯"


def test_learns_small_files_and_repeats_itself(tmp_path: Path) -> None:
    model, again = small(), small()
    texts = [text for text, _ in SMALL] + ["", "從未見過的字"]
    assert model.predict_many(texts)[: len(SMALL)] == [label for _, label in SMALL]
    assert (model.confidences(texts) == again.confidences(texts)).all()
    model.save(tmp_path / "m.npz")
    kept = Classifier.load(tmp_path / "m.npz")
    assert (kept.confidences(texts) == model.confidences(texts)).all()
    assert kept.suggest("") == []
    assert model.predict_many([]) == []


def test_two_labels_are_enough_and_one_is_not() -> None:
    pairs = [row for row in SMALL if row[1] != "车"]
    model = Classifier.fit([t for t, _ in pairs], [k for _, k in pairs])
    assert model.predict_many(["下水道堵了", "路灯不亮"]) == ["水", "灯"]
    for texts, labels in (([], []), (["一"], ["甲"]), (["一", "二"], ["甲"])):
        with pytest.raises(ValueError, match="labels"):
            Classifier.fit(texts, labels)


@pytest.mark.parametrize("content", [b"", b"junk", pickle.dumps({"codes": 1})])
def test_a_foreign_file_is_refused_and_not_run(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="classifier|pickle"):
        Classifier.load(path)


def test_a_fifth_of_each_label_is_held_out() -> None:
    labels = ["a"] * 50 + ["b"] * 10 + ["c"]
    held = held_out(labels, seed=3)
    assert [sum(h for h, k in zip(held, labels, strict=True) if k == x) for x in "abc"] == [
        10,
        2,
        0,
    ]
    assert held == held_out(labels, seed=3) != held_out(labels, seed=4)


def test_evaluation_counts_by_hand() -> None:
    report = evaluate([("路灯不亮了", "灯"), ("车位被占", "车"), ("路灯不亮了", "水")], SMALL)
    assert (report.n_train, report.n_test, report.unseen) == (len(SMALL), 3, 3)
    assert report.per_class["灯"].f1 == pytest.approx(2 / 3)
    assert report.per_class["车"].f1 == 1.0
    assert report.macro_f1 == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert report.confusion["水"] == {"灯": 1}


@real_messages
@pytest.mark.parametrize(("name", "floor"), [("titles.csv", 0.88), ("details.csv.gz", 0.90)])
def test_real_messages_held_out_fifth(name: str, floor: float) -> None:
    report = evaluate(rows_of(name), seed=0)
    assert report.unseen >= 0.99 * report.n_test
    assert report.macro_f1 >= floor


@real_messages
def test_titles_do_not_hang_on_a_lucky_split() -> None:
    rows = rows_of("titles.csv")
    assert min(evaluate(rows, seed=seed).macro_f1 for seed in range(1, 5)) >= 0.88


@real_messages
def test_learning_from_one_file_and_judging_the_other() -> None:
    assert evaluate(rows_of("details.csv.gz"), rows_of("titles.csv")).macro_f1 >= 0.90


ALIKE = (
    ("3号楼楼道灯坏了", "三号楼的楼道灯坏了好几天没人修", True),
    ("小区下水道堵了", "下水道又堵了，污水流一地", True),
    ("锦绣花园门口路灯不亮", "锦绣花园大门口路灯不亮，晚上很黑", True),
    ("消防通道被车堵了", "有车停在消防通道，堵了两天", True),
    ("12栋电梯故障", "12幢电梯又故障了", True),
    ("Ａ座电梯坏了", "a座的电梯坏了", True),
    ("十二号楼电梯坏了", "12号楼电梯坏了没人管", True),
    ("请问垃圾桶满了为什么没人清运", "垃圾桶满了没人清运", True),
    ("3号楼楼道灯坏了", "5号楼楼道灯坏了", False),
    ("3号楼2单元楼道灯坏了", "3号楼4单元楼道灯坏了", False),
    ("13号楼漏水", "3号楼漏水", False),
    ("A座电梯坏了", "B座电梯坏了", False),
    ("二号楼电梯故障", "十二号楼电梯故障", False),
    ("小区门口路灯不亮", "小区门口乱停车", False),
    ("楼上半夜装修太吵", "楼道灯坏了没人修", False),
    ("我想咨询医保报销", "我想咨询居住证办理", False),
    ("物业费太高", "电动车进电梯充电", False),
    ("漏水", "希望尽快处理一下广场舞音响的问题，我们小区漏水的人家也反映过", False),
)


@pytest.mark.parametrize(("one", "other", "same"), ALIKE)
def test_look_alikes(one: str, other: str, same: bool) -> None:
    assert bool(lookalikes(one, [other])) is same
    assert similarity(one, other) == similarity(other, one)


def test_look_alikes_come_likest_first() -> None:
    found = lookalikes(
        "3号楼楼道灯坏了", ["下水道堵了", "3号楼楼道灯坏了没人修", "3号楼楼道灯坏了"]
    )
    assert [at for at, _ in found] == [2, 1]


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=200)
def test_likeness_and_tokens_take_any_text(one: str, other: str) -> None:
    assert 0.0 <= similarity(one, other) == similarity(other, one) <= 1.0
    assert len(tokens(one)) == len(set(tokens(one))) <= 64
    assert from_catalogue(CLASSES[:3]).suggest(one) is not None


def test_two_character_words_are_found_by_their_token() -> None:
    text = "3号楼门口的路灯不亮，A市12345打过了"
    assert query_tokens("路灯") == ["路灯"]
    assert set(query_tokens("路灯")) <= set(tokens(text))
    assert "12345" in tokens(text)
    assert tokens("我们问题") == ["们问"]
    assert query_tokens("我们") == ["我们"]
    assert tokens("The elevator of 3 号楼 is broken") == [
        "the",
        "elevator",
        "of",
        "3",
        "号楼",
        "is",
        "broken",
    ]
    assert query_tokens("Elevator") == ["elevator"] and tokens("Wi-Fi 路 灯") == [
        "wi",
        "fi",
        "路灯",
    ]
    assert query_tokens("x" * 40) == tokens("x" * 40) == ["x" * 16]


def test_every_pair_of_a_hundred_texts_is_scored() -> None:
    whats = ("路灯不亮", "下水道堵")
    texts = [f"{n}号楼{what}已经三天没人来修" for n in range(50) for what in whats]
    for text in texts:
        scores = dict(lookalikes(text, texts))
        assert scores[texts.index(text)] == max(scores.values())


def write_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_reads_messages_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    table = [
        ["留言编号", "留言主题", "留言时间", "留言详情", "点赞数", "一级标签"],
        ["1", "路灯不亮", "2019/1/1", "第一行\n第二行", "3", "城乡建设"],
        ["", "", "", "", "", ""],
        ["2", "没有标签", "", "", "", ""],
        ["3", "", "", "", "", "城乡建设"],
        ["4", "列太多", "", "", "", "甲", "多出来"],
        ["5", "短行"],
        ["6", "长" * 2001, "", "", "", "甲"],
    ]
    found = list(read_messages(write_csv(tmp_path / "m.csv", table, encoding)))
    good = [m for m in found if isinstance(m, Message)]
    bad = [m for m in found if isinstance(m, BadRow)]
    assert [(m.row, m.title, m.label) for m in good] == [
        (2, "路灯不亮", "城乡建设"),
        (4, "没有标签", ""),
        (7, "短行", ""),
    ]
    assert good[0].body == "第一行\n第二行"
    assert good[0].raw["点赞数"] == "3"
    assert [(b.row, b.reason[:4]) for b in bad] == [(5, "没有留言"), (6, "有 7 "), (8, "留言主题")]


def test_reads_packed_csv_and_xlsx_alike(tmp_path: Path) -> None:
    plain = write_csv(tmp_path / "m.csv", [["留言主题", "一级标签"], ["路灯不亮", "甲"]])
    (tmp_path / "m.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["留言主题", "一级标签"])
    sheet.append(["路灯不亮", "甲"])
    book.save(tmp_path / "m.xlsx")
    first, second, third = (
        list(read_messages(tmp_path / f"m.{e}")) for e in ("csv", "csv.gz", "xlsx")
    )
    assert (
        first
        == second
        == third
        == [Message("路灯不亮", "", "甲", 2, {"留言主题": "路灯不亮", "一级标签": "甲"})]
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.csv", b""),
        ("m.csv", b"a,b\n1,2\n"),
        ("m.csv.gz", b"\x1f\x8bbroken"),
        ("m.xlsx", b"no workbook"),
        ("m.csv", b"\xff\xfe\x00\x81"),
    ],
)
def test_a_file_that_is_no_table_is_one_bad_row(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    (found,) = read_messages(tmp_path / name)
    assert isinstance(found, BadRow)


def test_an_absent_file_is_a_bad_row_too(tmp_path: Path) -> None:
    assert [type(m) for m in read_messages(tmp_path / "none.csv")] == [BadRow]
