"""Notices 通知."""
