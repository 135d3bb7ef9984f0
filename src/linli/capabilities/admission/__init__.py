"""Admission 准入: a demand comes down to a community only through the gate.

What communities do by law (依法履职), what they assist with (协助政府) and what else may ask something of them (services,
signboards, contests, seals, ledgers, meetings, inspections) are items 事项 of dated lists. A department applies, the legal
office reviews, the public comments, a standing meeting decides; only what is admitted and paid for may be sent, through
the street, with one lead. Everything else may be refused, and refusing is protected.
"""
