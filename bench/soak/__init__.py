"""Peers that come and go for hours."""
