"""Recorded videos and their segments."""
