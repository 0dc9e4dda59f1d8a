"""Rules over several models; each service owns its transaction."""
