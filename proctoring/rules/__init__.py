"""Observation stream to incidents: explicit clock (`offset_ms`), no I/O, standard library and numpy only."""
