"""Measures beside the limit and beside others, in one run; docs/performance.md shows the last (`python -m bench`)."""
