// Vercel's AI SDK, with its provider for servers that speak OpenAI's protocol.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, Output, embedMany, generateText, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";

import { base, fact, model, question, weather, weatherQuestion } from "./questions.js";

const omm = createOpenAICompatible({
  name: "omm",
  baseURL: `${base}/v1`,
  includeUsage: true,
  supportsStructuredOutputs: true,
});
const greedy = {
  model: omm(model),
  temperature: 0,
  maxOutputTokens: 200,
  maxRetries: 0,
  providerOptions: { omm: { reasoningEffort: "none" } },
};
const tools = {
  get_weather: tool({
    description: weather.description,
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `Sunny in ${city}, 20 degrees`,
  }),
};

test("a stream says what the whole answer says", async () => {
  const whole = await generateText({ ...greedy, prompt: question });
  const stream = streamText({ ...greedy, prompt: question });
  let text = "";
  for await (const piece of stream.textStream) text += piece;
  assert.ok(text);
  assert.equal(text, whole.text);
  assert.equal(await stream.finishReason, "stop");
  assert.equal((await stream.usage).outputTokens, whole.usage.outputTokens);
});

test("reasoning comes apart from the answer", async () => {
  const asked = { ...greedy, prompt: "What is 45 + 27?", providerOptions: { omm: { reasoningEffort: "high" } } };
  const whole = await generateText(asked);
  const stream = streamText(asked);
  assert.ok(whole.reasoningText);
  assert.equal(await stream.reasoningText, whole.reasoningText);
});

test("a loop of tools: the call, its result, the answer", async () => {
  const once = { ...greedy, messages: weatherQuestion, tools, stopWhen: stepCountIs(2) };
  const prepareStep = ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? "required" : "none" });
  for (const answer of [await generateText({ ...once, prepareStep }), streamText({ ...once, prepareStep })]) {
    const [first, second] = await answer.steps;
    assert.equal(first.toolCalls[0].toolName, "get_weather");
    assert.match(first.toolResults[0].output, /^Sunny in/);
    assert.ok(second.text);
  }
});

test("structured output", async () => {
  const schema = z.object({ name: z.string(), age: z.int().min(0).max(200) });
  const { output } = await generateText({ ...greedy, prompt: fact, output: Output.object({ schema }) });
  assert.equal(typeof output.name, "string");
  assert.ok(Number.isInteger(output.age));
});

test("embeddings", async () => {
  const asked = { model: omm.embeddingModel(model), values: ["one", "two"], maxRetries: 0 };
  const { embeddings, usage } = await embedMany(asked);
  assert.equal(embeddings.length, 2);
  assert.ok(usage.tokens > 0);
});

test("errors are the client's own", async () => {
  await assert.rejects(generateText({ ...greedy, model: omm("nobody"), prompt: question }), (error) => {
    assert.ok(APICallError.isInstance(error));
    assert.deepEqual([error.statusCode, error.isRetryable], [404, false]);
    assert.match(error.message, /nobody/);
    return true;
  });
});
