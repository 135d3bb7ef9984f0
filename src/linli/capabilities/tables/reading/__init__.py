"""Forms of departments: opened whatever their layout, their lists, cards and statistics found (no Django tables)."""

from linli.capabilities.tables.reading.drawing import draw, headings
from linli.capabilities.tables.reading.opening import form_in, open_book, open_form, reader_of
from linli.capabilities.tables.reading.shapes import Book, Field, Form, Line, Region, Shape, Sheet

__all__ = [
    "Book",
    "Field",
    "Form",
    "Line",
    "Region",
    "Shape",
    "Sheet",
    "draw",
    "form_in",
    "headings",
    "open_book",
    "open_form",
    "reader_of",
]
