"""Matters 诉求: whatever a resident needs, recorded once and followed until it is solved.

A matter 诉求 is a service application 办事 (an item of the catalogue) or an event 事件 (a class of the catalogue).
The first receiver holds it until a successor accepts (首问负责). A round 轮次 begins at intake and again at every rework
or reopening; evidence keeps its round. The promise 承诺时限 counts in working days by the pack in force at intake.
Not obvious: `community` and `street` repeat arithmetic of `area`, because an equality keeps a list's index in order
where an interval cannot; the query key of a guest is a scope of its own (`visitor`).
"""
