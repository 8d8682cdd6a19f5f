"""OpenAI's routes."""

from __future__ import annotations

from omm.api.openai import chat, completions, embeddings, media, models, rerank
from omm.api.openai.responses import routes as responses

ROUTES = (
    *chat.ROUTES,
    *completions.ROUTES,
    *embeddings.ROUTES,
    *models.ROUTES,
    *media.ROUTES,
    *rerank.ROUTES,
    *responses.ROUTES,
)
