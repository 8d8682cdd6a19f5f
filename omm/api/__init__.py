"""The HTTP edge: protocols in, protocols out."""
