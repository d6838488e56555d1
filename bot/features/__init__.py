"""What people can do: a cog for each thing, which is handed what it needs."""
