"""Messages to prompts and model output to events. Knows templates and markers; no protocol, no engine."""
