// The official client of /api.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Ollama } from "ollama";

import { base, fact, model, person, question, user, weather, weatherQuestion } from "./questions.js";

const client = new Ollama({ host: base });
const greedy = { model, think: false, options: { temperature: 0, num_predict: 200 } };
const tools = [{ type: "function", function: weather }];

async function gather(stream, piece) {
  let text = "";
  for await (const chunk of stream) text += piece(chunk);
  return text;
}

test("chat and generate: a stream says what the whole answer says", async () => {
  const whole = await client.chat({ ...greedy, messages: user });
  const chat = await client.chat({ ...greedy, messages: user, stream: true });
  assert.ok(whole.message.content);
  assert.equal(await gather(chat, (chunk) => chunk.message.content), whole.message.content);
  const once = await client.generate({ ...greedy, prompt: question });
  const pieces = await client.generate({ ...greedy, prompt: question, stream: true });
  assert.equal(await gather(pieces, (chunk) => chunk.response), once.response);
});

test("thinking comes apart from the answer", async () => {
  const messages = [{ role: "user", content: "What is 45 + 27?" }];
  const { message } = await client.chat({ ...greedy, messages, think: true });
  assert.ok(message.thinking);
  assert.ok(!message.thinking.includes("<think>"));
});

test("a call and its result", async () => {
  const { message } = await client.chat({ ...greedy, messages: weatherQuestion, tools });
  assert.equal(message.tool_calls[0].function.name, "get_weather");
  const result = { role: "tool", content: "Sunny, 20 degrees", tool_name: "get_weather" };
  const answer = await client.chat({ ...greedy, messages: [...weatherQuestion, message, result], tools });
  assert.ok(answer.message.content);
});

test("a schema holds", async () => {
  const answer = await client.chat({ ...greedy, messages: [{ role: "user", content: fact }], format: person });
  assert.deepEqual(Object.keys(JSON.parse(answer.message.content)).sort(), ["age", "name"]);
});

test("embeddings", async () => {
  const { embeddings } = await client.embed({ model, input: ["one", "two"] });
  assert.equal(embeddings.length, 2);
  const length = Math.hypot(...embeddings[0]);
  assert.ok(Math.abs(length - 1) < 1e-3);
});

test("the library", async () => {
  await client.copy({ source: model, destination: "copied-by-node" });
  const names = (await client.list()).models.map((entry) => entry.name);
  assert.ok(names.includes("copied-by-node:latest"));
  assert.ok((await client.show({ model })).capabilities.includes("completion"));
  await client.chat({ ...greedy, messages: user });
  assert.ok((await client.ps()).models.some((entry) => entry.name === "tiny:latest"));
  const created = await client.create({ model: "copied-by-node", from: model, system: "Be brief.", stream: true });
  const states = [];
  for await (const progress of created) states.push(progress.status);
  assert.equal(states.at(-1), "success");
  await client.delete({ model: "copied-by-node" });
  assert.match((await client.version()).version, /^\d+\.\d+/);
});

test("errors are the client's own", async () => {
  await assert.rejects(client.chat({ ...greedy, model: "nobody", messages: user }), (error) => {
    assert.deepEqual([error.name, error.status_code], ["ResponseError", 404]);
    return true;
  });
});

test("a stream that the reader leaves", async () => {
  const asked = { ...greedy, messages: user, stream: true };
  const stream = await client.chat(asked);
  await assert.rejects(
    (async () => {
      for await (const chunk of stream) {
        assert.ok(chunk.message);
        stream.abort();
      }
    })(),
    { name: "AbortError" },
  );
});
