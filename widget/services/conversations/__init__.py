"""Conversations as a whole, for those who run a site: found, locked, renamed, moved, merged, and all of it undone."""
