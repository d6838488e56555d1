"""A Discord bot that answers questions about pictures."""
