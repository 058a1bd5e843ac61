import { describe, expect, test } from "@jest/globals";
import { BUILT_IN_FORMATS } from "../api/built-in-formats.js";
import { parseJsonObject } from "../api/json-object.js";
import { rehearse } from "./rehearse.js";

const FORMATS = BUILT_IN_FORMATS.flatMap(({ name, format }) => (format === null ? [] : [[name, format] as const]));

describe.each(FORMATS)("rehearsal of %s", (_name, format) => {
  test("the sample is one that the reader takes for an answer", () => {
    const reader = format.createReader({});
    const sample = format.sampleEvents();
    if (format.neverStreams === true) {
      expect(sample).toHaveLength(1);
      for (const body of sample) reader.readBody(parseJsonObject(body) ?? {});
      expect(reader.isUsable).toBe(true);
      return;
    }
    const contents = sample.map((event) => reader.readEvent(parseJsonObject(event) ?? {}));
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
