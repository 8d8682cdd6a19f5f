// A wrong key and a busy server, as each client tells of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import Anthropic from "@anthropic-ai/sdk";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, generateText } from "ai";
import { Ollama } from "ollama";
import OpenAI from "openai";

import { guarded, key, model, question, user } from "./questions.js";

const openai = (apiKey) => new OpenAI({ baseURL: `${guarded}/v1`, apiKey, maxRetries: 0 });
const anthropic = (apiKey) => new Anthropic({ baseURL: guarded, apiKey, maxRetries: 0 });
const bearer = (apiKey) => ({ authorization: `Bearer ${apiKey}` });

const ask = {
  openai: (apiKey) => openai(apiKey).chat.completions.create({ model, messages: user }),
  responses: (apiKey) => openai(apiKey).responses.create({ model, input: question }),
  anthropic: (apiKey) => anthropic(apiKey).messages.create({ model, messages: user, max_tokens: 5 }),
  ollama: (apiKey) => new Ollama({ host: guarded, headers: bearer(apiKey) }).chat({ model, messages: user }),
  ai: (apiKey) => {
    const provider = createOpenAICompatible({ name: "omm", baseURL: `${guarded}/v1`, apiKey });
    return generateText({ model: provider(model), prompt: question, maxRetries: 0 });
  },
};

test("a wrong key", async () => {
  await assert.rejects(ask.openai("wrong"), OpenAI.AuthenticationError);
  await assert.rejects(ask.responses("wrong"), OpenAI.AuthenticationError);
  await assert.rejects(ask.anthropic("wrong"), Anthropic.AuthenticationError);
  await assert.rejects(ask.ollama("wrong"), { name: "ResponseError", status_code: 401 });
  await assert.rejects(ask.ai("wrong"), (error) => APICallError.isInstance(error) && error.statusCode === 401);
});

test("a busy server", async (t) => {
  const leave = new AbortController();
  t.after(() => leave.abort());
  const endless = { model, prompt: "Hello", raw: true, options: { ignore_eos: true, num_predict: -1 } };
  const body = JSON.stringify(endless);
  const headers = bearer(key);
  const answer = await fetch(`${guarded}/api/generate`, { method: "POST", body, headers, signal: leave.signal });
  await answer.body.getReader().read();
  await assert.rejects(ask.openai(key), (e) => e instanceof OpenAI.InternalServerError && e.status === 503);
  await assert.rejects(ask.responses(key), (e) => e instanceof OpenAI.InternalServerError && e.status === 503);
  await assert.rejects(ask.anthropic(key), (e) => e instanceof Anthropic.InternalServerError && e.status === 529);
  await assert.rejects(ask.ollama(key), { name: "ResponseError", status_code: 503 });
  await assert.rejects(ask.ai(key), (e) => APICallError.isInstance(e) && e.statusCode === 503 && e.isRetryable);
});
