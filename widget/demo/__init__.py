"""What `widget demo` shows: a small blog in two languages, its conversation of 2011, and a place to sign in."""
