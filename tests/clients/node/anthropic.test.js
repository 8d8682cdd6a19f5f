// The official client of /v1/messages.

import assert from "node:assert/strict";
import { test } from "node:test";

import Anthropic from "@anthropic-ai/sdk";

import { base, fact, model, person, user, weather, weatherQuestion } from "./questions.js";

const client = new Anthropic({ baseURL: base, apiKey: "omm", maxRetries: 0 });
const greedy = { model, temperature: 0, max_tokens: 200 };
const { parameters: input_schema, ...rest } = weather;
const tools = [{ ...rest, input_schema }];

const textOf = (message) => message.content.filter((block) => block.type === "text").map((block) => block.text).join("");

test("a stream says what the whole answer says", async () => {
  const whole = await client.messages.create({ ...greedy, messages: user });
  const stream = client.messages.stream({ ...greedy, messages: user });
  let text = "";
  stream.on("text", (piece) => (text += piece));
  const last = await stream.finalMessage();
  assert.ok(text);
  assert.deepEqual([text, textOf(last)], [textOf(whole), textOf(whole)]);
  assert.equal(last.stop_reason, "end_turn");
  assert.equal(last.usage.output_tokens, whole.usage.output_tokens);
});

test("thinking comes apart from the answer", async () => {
  const thinking = { type: "enabled", budget_tokens: 1024 };
  const messages = [{ role: "user", content: "What is 45 + 27?" }];
  const stream = client.messages.stream({ ...greedy, max_tokens: 2048, messages, thinking });
  let thought = "";
  stream.on("thinking", (piece) => (thought += piece));
  const message = await stream.finalMessage();
  assert.deepEqual(message.content.map((block) => block.type), ["thinking", "text"]);
  assert.equal(message.content[0].thinking, thought);
  assert.ok(message.content[0].signature);
});

test("a forced call, streamed, and its result", async () => {
  const tool_choice = { type: "any", disable_parallel_tool_use: true };
  const stream = client.messages.stream({ ...greedy, messages: weatherQuestion, tools, tool_choice });
  const message = await stream.finalMessage();
  const call = message.content.at(-1);
  assert.deepEqual([message.stop_reason, call.type, call.name], ["tool_use", "tool_use", "get_weather"]);
  assert.equal(typeof call.input.city, "string");
  const result = { type: "tool_result", tool_use_id: call.id, content: "Sunny, 20 degrees" };
  const messages = [
    ...weatherQuestion,
    { role: "assistant", content: message.content },
    { role: "user", content: [result] },
  ];
  assert.ok(textOf(await client.messages.create({ ...greedy, messages, tools, tool_choice: { type: "none" } })));
});

test("structured output", async () => {
  const message = await client.messages.create({
    ...greedy,
    messages: [{ role: "user", content: fact }],
    output_config: { format: { type: "json_schema", schema: person } },
  });
  assert.deepEqual(Object.keys(JSON.parse(textOf(message))).sort(), ["age", "name"]);
});

test("counting, and models", async () => {
  const counted = await client.messages.countTokens({ model, messages: user });
  const { usage } = await client.messages.create({ ...greedy, messages: user });
  assert.equal(counted.input_tokens, usage.input_tokens + (usage.cache_read_input_tokens ?? 0));
  const ids = [];
  for await (const entry of client.models.list()) ids.push(entry.id);
  assert.ok(ids.includes(model));
});

test("errors are the client's own", async () => {
  await assert.rejects(client.messages.create({ ...greedy, model: "nobody", messages: user }), (error) => {
    assert.ok(error instanceof Anthropic.NotFoundError);
    assert.ok(error.requestID);
    return true;
  });
  const wrong = client.messages.create({ ...greedy, max_tokens: 0, messages: user });
  await assert.rejects(wrong, Anthropic.BadRequestError);
});
