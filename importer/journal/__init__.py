"""The journal: what was intended and what the service said, on disk before and after every request."""
