"""What staff read: the list of sessions and one session as a whole."""
