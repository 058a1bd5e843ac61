import { describe, expect, test } from "@jest/globals";
import { CHAT_FORMAT } from "../api/chat-completions/chat-format.js";
import { COMPLETIONS_FORMAT } from "../api/completions/completions-format.js";
import { parseJsonObject } from "../api/json-object.js";
import { rehearse } from "./rehearse.js";

const FORMATS = [
  ["chat", CHAT_FORMAT],
  ["completions", COMPLETIONS_FORMAT],
] as const;

describe.each(FORMATS)("rehearsal of %s", (_name, format) => {
  test("the sample stream is one that the reader takes for tokens", () => {
    const reader = format.createReader();
    const contents = format.sampleEvents().map((event) => reader.readEvent(parseJsonObject(event) ?? {}));
    expect(contents.filter((content) => content === "output")).toHaveLength(24);
    expect(reader.isFinished).toBe(true);
    expect(reader.parts().outputMetrics.text_tokens).toBe(24);
  });

  test("comes to its end without a network", async () => {
    const options = {
      origin: "http://127.0.0.1:1",
      connectTimeoutMs: 5000,
      readTimeoutMs: 0,
      http2: true,
      keepAlive: true,
      followRedirects: true,
      verify: true,
      credentialHeaders: [],
      useProxyEnvironment: false,
    };
    await rehearse(format, options, { method: "POST", path: "/v1/x", headers: ["accept", "*/*"] });
  });
});
