"""What `python -m inference` can do."""
