"""Tables 一表通: a form is filled from what is already known; only the gaps are asked, once.

A form 表 is a department's own workbook; every column means an element of the dictionary, computes one, or is its own.
A round 填报 asks communities for it under an admitted item; what nobody knows becomes a gap 缺项 that one visit answers for
all tables at once. A frozen edition 定版 keeps the file and its hash. A ledger 云台账 is a live view over what rooms offer.
"""
