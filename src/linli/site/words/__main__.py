"""Compile the catalogues (part of set-up)."""

from linli.site.words.catalogues import compile_all

for language, count in compile_all():
    print(f"{language}: {count}")
