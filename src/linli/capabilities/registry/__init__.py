"""Registry 四库: people and households, organisations, places, statistics: collected once, used everywhere.

A person 居民 carries no area: dated residences 居住 (and marks 标签, memberships 任职) do, and one of them in scope shows
the person. A residence says on what ground somebody belongs to a place: registered 户籍, permanent 常住, floating 流动,
lodging 寄住; `lives` says whether the person is really there (人户分离). Nothing is overwritten in place: an ended
residence keeps its days, so that any past day can be asked, and a trigger keeps the former values of every changed row.
Every value answers for itself: `sources` maps a field (or "*") to the batch 批次 through which it came.
Not obvious: a person is known by document kind and blind index; the clear number is never in a column, a log or a fact.
"""
