"""Notices 通知: messages to people over their channels.

Every notice stands in the inbox of the app; `jobs` carries it further by text message, e-mail and group robots,
by what the kind offers and the person chose. A notice keeps its kind and parameters, not its words, so it reads in
the reader's language. A room declares its kinds with `kinds.declare`. Text messages hold a number and a plain status
only. Quiet hours (pack section `notices`) hold everything back until morning except what is urgent.
"""
