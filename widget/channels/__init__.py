"""Ways out to people, each one file: how a thing is said there, and how it is handed over."""
