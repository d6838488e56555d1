"""How an answer reaches the person who asked."""
