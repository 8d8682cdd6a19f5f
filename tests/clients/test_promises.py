"""The documents' own samples for JavaScript, word for word but for the model and the address, on the real server."""

from __future__ import annotations

import subprocess

import pytest

from tests.clients.test_node import HERE, PACKAGES

pytestmark = [pytest.mark.model, pytest.mark.system("node", str(PACKAGES))]

OPENAI = """
import OpenAI from "openai";
const client = new OpenAI({ baseURL: "ADDRESS/v1", apiKey: "omm" });
const response = await client.chat.completions.create({
  model: "tiny", messages: [{ role: "user", content: "Hello!" }] });
console.log(response.choices[0].message.content);
"""
ANTHROPIC = """
import Anthropic from "@anthropic-ai/sdk";
const client = new Anthropic({ baseURL: "ADDRESS/anthropic", apiKey: "omm" });
const message = await client.messages.create({
  model: "tiny", max_tokens: 1024, messages: [{ role: "user", content: "Hello!" }] });
console.log(message.content.at(-1).text);
"""
OLLAMA = """
import { Ollama } from "ollama";
const ollama = new Ollama({ host: "ADDRESS" });
"""
CHAT = """
const response = await ollama.chat({ model: "tiny", messages: [{ role: "user", content: "Hello!" }] });
console.log(response.message.content);
"""
STREAM = """
const stream = await ollama.chat({
  model: "tiny", messages: [{ role: "user", content: "Hello!" }], stream: true });
for await (const chunk of stream) process.stdout.write(chunk.message.content);
"""
EMBEDDINGS = """
const embedding = await ollama.embeddings({ model: "tiny", prompt: "The sky is blue" });
console.log(embedding.embedding.length > 100 ? "vector" : "");
"""

VERCEL = """
import { generateText } from "ai";
import { createOllama } from "ollama-ai-provider-v2";
const ollama = createOllama({ baseURL: "ADDRESS/api" });
const { text } = await generateText({ model: ollama("tiny"), prompt: "What is omm?" });
console.log(text);
"""
VERCEL_PROVIDER = PACKAGES / "ollama-ai-provider-v2"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(OPENAI, id="000-19"),
        pytest.param(ANTHROPIC, id="000-22"),
        pytest.param(OLLAMA + CHAT, id="000-12 002-22"),
        pytest.param(OLLAMA + STREAM, id="002-23"),
        pytest.param(OLLAMA + EMBEDDINGS, id="002-24"),
        pytest.param(VERCEL, id="002-39", marks=pytest.mark.system(str(VERCEL_PROVIDER))),
    ],
)
def test_samples(url: str, script: str) -> None:
    command = ["node", "--input-type=module", "-e", script.replace("ADDRESS", url)]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
