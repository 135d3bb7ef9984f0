"""Tasks 待办."""
