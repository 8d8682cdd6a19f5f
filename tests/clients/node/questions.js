// What every client is asked, and the servers that test_node.py started.

export const base = process.env.OMM_TEST_URL;
export const guarded = process.env.OMM_TEST_GUARDED_URL;
export const key = process.env.OMM_TEST_KEY;
export const model = "tiny";
export const question = "What is omm?";
export const fact = "Mira is 41 years old.";
export const user = [{ role: "user", content: question }];
export const weather = {
  name: "get_weather",
  description: "Get the weather in a city",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
export const weatherQuestion = [{ role: "user", content: "What is the weather in Oslo?" }];
export const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
};
