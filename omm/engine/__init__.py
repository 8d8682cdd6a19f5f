"""Inference on llama.cpp: token ids in, text events out. Knows nothing of protocols, stores or chat templates."""
