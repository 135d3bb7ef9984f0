"""Replays: real messages and requests through the same services as everybody's, in a throw-away city."""
