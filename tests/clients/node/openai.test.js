// The official client of /v1.

import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";

import { base, fact, model, person, user, weather, weatherQuestion } from "./questions.js";

const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: "omm", maxRetries: 0 });
const greedy = { model, temperature: 0, max_tokens: 200, reasoning_effort: "none" };
const tools = [{ type: "function", function: weather }];

test("a stream says what the whole answer says", async () => {
  const whole = await client.chat.completions.create({ ...greedy, messages: user });
  let text = "";
  let usage;
  const asked = { ...greedy, messages: user, stream: true, stream_options: { include_usage: true } };
  for await (const chunk of await client.chat.completions.create(asked)) {
    text += chunk.choices[0]?.delta.content ?? "";
    usage = chunk.usage ?? usage;
  }
  assert.ok(text);
  assert.equal(text, whole.choices[0].message.content);
  assert.equal(usage.completion_tokens, whole.usage.completion_tokens);
});

test("the stream helper gathers a forced call, and its result is answered", async () => {
  const asked = { ...greedy, messages: weatherQuestion, tools, tool_choice: "required", parallel_tool_calls: false };
  const runner = client.chat.completions.stream(asked);
  const { message, finish_reason } = (await runner.finalChatCompletion()).choices[0];
  assert.equal(finish_reason, "tool_calls");
  const [call] = message.tool_calls;
  assert.equal(call.function.name, "get_weather");
  assert.equal(typeof JSON.parse(call.function.arguments).city, "string");
  const result = { role: "tool", tool_call_id: call.id, content: "Sunny, 20 degrees" };
  const messages = [...weatherQuestion, message, result];
  const answer = await client.chat.completions.create({ ...greedy, messages, tools, tool_choice: "none" });
  assert.ok(answer.choices[0].message.content);
});

test("structured output is parsed", async () => {
  const answer = await client.chat.completions.parse({
    ...greedy,
    messages: [{ role: "user", content: fact }],
    response_format: { type: "json_schema", json_schema: { name: "person", strict: true, schema: person } },
  });
  const { name, age } = answer.choices[0].message.parsed;
  assert.equal(typeof name, "string");
  assert.ok(Number.isInteger(age));
});

test("embeddings, packed as the client asks for them", async () => {
  const packed = await client.embeddings.create({ model, input: ["one", "two"] });
  const plain = await client.embeddings.create({ model, input: ["one", "two"], encoding_format: "float" });
  assert.equal(packed.data.length, 2);
  packed.data[1].embedding.forEach((x, i) => assert.ok(Math.abs(x - plain.data[1].embedding[i]) < 1e-5));
});

test("responses: text, a stream, a chain, and what is stored", async () => {
  const first = await client.responses.create({ model, input: "What is omm?", temperature: 0, store: true });
  assert.equal(first.status, "completed");
  assert.ok(first.output_text);
  assert.equal((await client.responses.retrieve(first.id)).output_text, first.output_text);
  const runner = client.responses.stream({
    model,
    input: "And how do I list my models?",
    temperature: 0,
    previous_response_id: first.id,
  });
  const numbers = [];
  for await (const event of runner) numbers.push(event.sequence_number);
  assert.deepEqual(numbers, [...numbers.keys()]);
  const second = await runner.finalResponse();
  assert.ok(second.output_text);
  const items = await client.responses.inputItems.list(second.id, { order: "asc" });
  assert.ok(items.data.length >= 3);
  await client.responses.delete(first.id);
  await assert.rejects(client.responses.retrieve(first.id), OpenAI.NotFoundError);
});

test("a response calls a function", async () => {
  const response = await client.responses.create({
    model,
    input: weatherQuestion[0].content,
    temperature: 0,
    tools: [{ type: "function", strict: true, ...weather }],
    tool_choice: "required",
  });
  const calls = response.output.filter((item) => item.type === "function_call");
  assert.equal(calls[0].name, "get_weather");
  assert.ok(JSON.parse(calls[0].arguments).city);
});

test("models", async () => {
  const ids = [];
  for await (const entry of client.models.list()) ids.push(entry.id);
  assert.ok(ids.includes(model));
  assert.equal((await client.models.retrieve(model)).id, model);
});

test("errors are the client's own", async () => {
  await assert.rejects(client.chat.completions.create({ model: "nobody", messages: user }), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.deepEqual([error.code, error.param, Boolean(error.requestID)], ["model_not_found", "model", true]);
    return true;
  });
  const wrong = client.chat.completions.create({ model, messages: user, temperature: 3 });
  await assert.rejects(wrong, OpenAI.BadRequestError);
  await assert.rejects(client.fineTuning.jobs.list(), OpenAI.NotFoundError);
});

test("a stream that the reader leaves", async () => {
  const stream = await client.chat.completions.create({ ...greedy, messages: user, stream: true, ignore_eos: true });
  for await (const chunk of stream) {
    assert.ok(chunk.id);
    break;
  }
  assert.ok(stream.controller.signal.aborted);
});
