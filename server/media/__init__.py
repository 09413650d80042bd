"""The media plane: RTP in, encoded frames to sinks, RTP out. Knows no database, no HTTP, no proctoring."""
