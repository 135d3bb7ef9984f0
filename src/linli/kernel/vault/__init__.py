"""Vault 保险柜: protected fields (ID numbers, phones, names) are stored encrypted and shown masked.

`crypto` seals and opens values and computes blind indexes; `keyfile` keeps the key ring in one
file of mode 0600, never in the database; `normal` gives a value its one comparable form;
`masking` shows as much as a colleague needs; `idnumber` and `phone` judge what was typed.
Those modules know no Django. `fields.VaultField` and `fields.VaultIndex` store, `fields.matching` finds,
`services.reveal` shows a value in clear, which is an act with a reason and leaves a fact.
"""

from linli.kernel.vault.masking import masked

__all__ = ["masked"]
