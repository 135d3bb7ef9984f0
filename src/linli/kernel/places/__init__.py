"""Places 地方: the tree of areas 省、市、区县、街道、社区、网格、楼栋, and the ground they cover.

Every area has one interval ``[lo, hi)`` of whole numbers, given once and never again; its parent's
interval contains it. A row anywhere in the house carries the ``lo`` of its area, so "inside this
street" is a range, and the community of a row is a mask, without a query. ``parent.lo`` itself
means "the parent as a place".

Not obvious: an area that ends keeps its row (``until``), because facts, matters and households
point at it. Codes and names change; intervals do not. Coordinates say their reference system.

Words: 行政区划 division, 综合网格 comprehensive grid, 区划代码 statistical code, 撤销 ended.
"""
