"""What was said before a question, read from Discord, which keeps it."""
