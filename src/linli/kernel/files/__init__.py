"""Files 附件."""
