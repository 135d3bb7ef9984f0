"""Indicators 指标: what rooms count over areas and months, on one sheet beside what is aimed at (R096)."""

from linli.kernel.measures.months import month_of, months
from linli.kernel.measures.shapes import Counted, Measure, Measured, MeasuresPolicy

__all__ = ["Counted", "Measure", "Measured", "MeasuresPolicy", "month_of", "months"]
