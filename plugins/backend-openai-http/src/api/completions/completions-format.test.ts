import { UNKNOWN_USAGE } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import { answered, bodyInput } from "../../../test/support/body-input.js";
import { textRequest } from "../../../test/support/send-request.js";
import { withoutNulls } from "../merge-json.js";
import { COMPLETIONS_FORMAT } from "./completions-format.js";

describe("completions body", () => {
  test("prefix, text and a requested length", () => {
    const request = textRequest({
      columns: { prefix_column: ["You are terse."], text_column: ["Name three rivers."] },
      outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 64 },
    });
    const body = COMPLETIONS_FORMAT.buildBody(request, null, bodyInput({ model: "demo-7b", maxTokens: 9 }));
    expect(JSON.stringify(body)).toBe(
      '{"model":"demo-7b","stream":true,"stream_options":{"include_usage":true,"continuous_usage_stats":true},' +
        '"max_tokens":64,"ignore_eos":true,"prompt":"You are terse. Name three rivers."}',
    );
  });

  test("without a requested length, max_tokens limits and ignore_eos is absent", () => {
    const body = COMPLETIONS_FORMAT.buildBody(textRequest(), null, bodyInput({ stream: false, maxTokens: 9 }));
    expect(body).toEqual({ model: "tiny", max_tokens: 9, prompt: "hello" });
  });

  test("history is joined in front", () => {
    const first = textRequest({ columns: { prefix_column: ["You are terse."], text_column: ["q1"] } });
    const history = [
      answered(first, { text: "a1" }),
      answered(textRequest({ columns: { text_column: ["q2"] } }), null),
    ];
    const body = COMPLETIONS_FORMAT.buildBody(
      textRequest({ columns: { text_column: ["q3", "", "q4"] } }),
      history,
      bodyInput(),
    );
    expect(body["prompt"]).toBe("You are terse. q1 a1 q2 q3 q4");
  });

  test("extras override everything but the prompt; null removes", () => {
    const input = bodyInput({
      extraBody: {
        model: "other",
        prompt: "x",
        temperature: 0.5,
        stream_options: { continuous_usage_stats: null },
        max_tokens: null,
      },
    });
    const request = textRequest({ outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 5 } });
    expect(withoutNulls(COMPLETIONS_FORMAT.buildBody(request, null, input))).toEqual({
      model: "other",
      stream: true,
      stream_options: { include_usage: true },
      ignore_eos: true,
      prompt: "hello",
      temperature: 0.5,
    });
  });

  test("a request without a prompt is refused, naming the columns", () => {
    const request = textRequest({ columns: { image_column: ["http://i"], text_column: [""] } });
    expect(() => COMPLETIONS_FORMAT.buildBody(request, null, bodyInput())).toThrow(
      'The request has nothing for "prompt". Columns that can fill it: prefix_column, text_column. ' +
        "Columns present and not empty: image_column, text_column.",
    );
  });
});
