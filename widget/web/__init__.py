"""HTTP: what comes in, what goes out, who may ask."""
