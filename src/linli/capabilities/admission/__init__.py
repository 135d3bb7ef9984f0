"""Admission 准入: a demand comes down to a community only through the gate.

Lists 清单 and gates 准入目录 as items 事项 with dated, immutable versions; the procedure 申请、合法性审查、公示、会议研究
by which departments change them; the gate 准入口, which every table, task, inspection, contest, signboard, seal, ledger
and meeting passes; the right to say no 不予承接; certificates 证明 and seals 用印; registers of what stands and happens in
communities, from which the burden index 负担指数 is counted, never typed.

Not obvious: `services.pass_` returns a refusal instead of raising it, so that what was refused is kept too. An item's
text is data in the database, since departments change it by the procedure; the pack only gives the first lists.
"""
