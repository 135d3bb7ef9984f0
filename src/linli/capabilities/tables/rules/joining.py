"""What communities that are joined bring along under one name."""

# Own ledgers of one title, of two communities that come to be one: who comes, or comes later, bears the former place's name.
TITLES_APART = r"""
WITH moving AS (
    SELECT l.id, l.title, a.name,
        CASE WHEN s.whole THEN l.area_id - s.before + s.after ELSE s.after END AS goal
    FROM places_areashift s JOIN tables_ledger l ON l.area_id >= s.before AND l.area_id < s.hi
    JOIN places_area a ON a.id = s.before
    WHERE s.rezoning_id = %s AND l.ended IS NULL
)
UPDATE tables_ledger l SET title = left(l.title, 40) || U&'\FF08' || left(m.name, 18) || U&'\FF09' FROM moving m
WHERE l.id = m.id AND EXISTS (
    SELECT 1 FROM tables_ledger o LEFT JOIN moving also ON also.id = o.id
    WHERE o.title = m.title AND o.ended IS NULL AND coalesce(also.goal, o.area_id) = m.goal
    AND (also.id IS NULL OR o.id < m.id)
)
"""
