"""Access 身份与权限: accounts 账号, units 单位, appointments 任职, hats 身份, and what each may see and do.

Tables here carry no row-level wall: they are read before anybody is known. They hold no personal data in the clear.
"""
