"""Sessions as they run, in memory while somebody is there: media, domain and proctoring meet here."""
