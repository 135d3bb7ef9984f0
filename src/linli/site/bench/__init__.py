"""Bench 测速: Linli over HTTP as scoped users, beside bare views in the same server."""
