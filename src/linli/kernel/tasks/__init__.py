"""Tasks 待办: one to-do list that any room adds to.

A task names its subject and falls to a person, or to whoever holds a post in a unit or area, until it is done.
`add` is idempotent while the task is open, so a listener may hear a fact twice. Rooms finish by subject and kind.
"""
