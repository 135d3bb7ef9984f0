"""Forms of departments: opened whatever their layout, their lists, cards and statistics found (no Django tables)."""

from linli.capabilities.tables.reading.opening import open_book, open_form
from linli.capabilities.tables.reading.shapes import Book, Field, Form, Line, Region, Shape, Sheet

__all__ = ["Book", "Field", "Form", "Line", "Region", "Shape", "Sheet", "open_book", "open_form"]
