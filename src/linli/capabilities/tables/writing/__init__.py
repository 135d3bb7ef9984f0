"""Filling a form in its own file: only filled cells change, rows are added in the style of the rows drawn (no Django tables)."""

from linli.capabilities.tables.writing.filling import Done, fill_book, fill_text
from linli.capabilities.tables.writing.sheet import Block, SheetFill
from linli.capabilities.tables.writing.values import Writer, ticked

__all__ = ["Block", "Done", "SheetFill", "Writer", "fill_book", "fill_text", "ticked"]
