"""A folder or a repository of the hub → a model on its device."""
