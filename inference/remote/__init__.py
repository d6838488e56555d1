"""The engine elsewhere: OpenAI-compatible servers in the place of a model in this process."""
