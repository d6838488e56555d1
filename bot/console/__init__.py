"""What the operator does at a terminal beside running the bot."""
