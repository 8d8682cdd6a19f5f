"""What lies on disk: blobs, manifests, GGUF headers, Modelfiles. Knows nothing of HTTP or inference."""
