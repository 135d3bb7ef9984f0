"""Names of people and streets who do not exist, put together from short lists of our own."""

from __future__ import annotations

from random import Random

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉兰萍红建文斌宇浩凯健俊帆雪晨倩颖慧"
    "欣怡佳宁思源子涵雨桐嘉睿博远志成国庆海燕春梅秋菊冬青月云龙飞鹏辉鑫淼森林安然乐清和"
)
_FIRST = (
    "春和",
    "望湖",
    "惠泉",
    "石塘",
    "映山",
    "青祁",
    "梨花",
    "锦绣",
    "清扬",
    "长桥",
    "书院",
    "月溪",
)
_LAST = ("路", "街", "巷", "里", "支路")
PHONES = 19_000_000_000  # a block of noughts, so that nobody takes one for a real number


def person(dice: Random) -> str:
    """A made-up name of two or three characters."""
    given = dice.sample(_GIVEN, 2 if dice.random() < 0.72 else 1)
    return dice.choice(_SURNAMES) + "".join(given)


def road(dice: Random) -> str:
    """A made-up street name."""
    return dice.choice(_FIRST) + dice.choice(_LAST)


def phone(number: int) -> str:
    """The made-up mobile number of the n-th person."""
    return str(PHONES + number)
