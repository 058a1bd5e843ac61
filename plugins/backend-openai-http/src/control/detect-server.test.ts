import { expect, test } from "@jest/globals";
import { detectServer } from "./detect-server.js";

test.each([
  ["https://api.openai.com", "openai"],
  ["https://x.openai.azure.com", "openai"],
  ["https://api.anthropic.com", "openai"],
  ["https://openai.com.example", null],
  ["https://notopenai.com", null],
  ["http://localhost:8000", null],
])("%s is %s by its host", (url, expected) => {
  expect(detectServer(new URL(url), [])).toBe(expected);
});
