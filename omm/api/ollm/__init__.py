"""The native protocol: typed, versioned, and strict about what it does not know."""
