"""Words 文字: what people read is written in Chinese in the code, the templates and the packs; English is one catalogue.

`linli words extract` collects, `linli words check` refuses what is missing, `python -m linli.site.words` compiles
(set-up calls it: it needs neither a database nor GNU gettext). Not obvious: titles of packs are data, so they are
collected from the packs that are shipped and said by `linli.ui.spoken` wherever a page shows them.
"""
