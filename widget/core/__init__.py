"""What is true without Flask, SQL or a network: pure functions and values."""
