"""Formats of claim data: one module a format writes strictly and reads leniently; the layouts are data beside them."""
