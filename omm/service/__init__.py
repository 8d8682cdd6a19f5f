"""What the protocols call: inference and the model library. Knows no protocol."""
