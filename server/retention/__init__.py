"""What is kept how long, and how it goes: files with rows, whatever happens on the way."""
