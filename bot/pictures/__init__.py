"""A stranger's pictures: found, fetched and decoded, bounded at each step."""
