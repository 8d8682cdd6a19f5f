"""Checkpoints as Hugging Face has them: safetensors, config.json and tokenizer.json → one GGUF file."""
