import type { ValidityRule } from "./validity-rules.js";

/** Fewer texts than this say nothing about a tokenizer. */
const LEAST_COMPARED = 5;

/** Limits of what token counts of different sources may differ. */
export const ACCOUNTING_RULES: readonly ValidityRule[] = [
  {
    code: "tokens_not_reported",
    signal: "Completed requests whose server did not count their tokens",
    unit: "ratio",
    direction: "above",
    info: 0,
    suspect: null,
    invalid: null,
    observe: ({ tokens: { requests, sources } }) => {
      const { server: _server, ...others } = sources;
      const missing = Object.values(others).reduce((sum, count) => sum + count, 0);
      if (requests === 0) return null;
      const parts = [
        [sources.tokenizer, "were counted by the tokenizer of this client"],
        [sources.stream_events, "count events of the stream as tokens"],
        [sources.requested, "have the length that was asked for"],
        [sources.unknown, "have no count"],
      ] as const;
      const told = parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
      return {
        value: missing / requests,
        sampleCount: requests,
        message: `The server told no token count for ${missing} of ${requests} requests: ${told.join(", ")}.`,
        note: "Token counts and rates are estimates for these.",
      };
    },
  },
  {
    code: "length_not_met",
    signal: "Requests that asked for a length and got another",
    unit: "ratio",
    direction: "above",
    info: 0.01,
    suspect: null,
    invalid: null,
    observe: ({ tokens: { requested_length: length } }) =>
      length.requests === 0
        ? null
        : {
            value: 1 - length.met / length.requests,
            sampleCount: length.requests,
            message: `${length.requests - length.met} of ${length.requests} responses do not have the length that was asked for.`,
            note: "The model ends by itself, or the server does not know ignore_eos.",
          },
  },
  {
    code: "more_events_than_tokens",
    signal: "Requests with more events of tokens than the server counts tokens",
    unit: "ratio",
    direction: "above",
    info: 0.01,
    suspect: 0.05,
    invalid: null,
    observe: ({ tokens: { sources, requests_with_more_events_than_tokens: count } }) =>
      sources.server === 0
        ? null
        : {
            value: count / sources.server,
            sampleCount: sources.server,
            message: `${count} of ${sources.server} streams had more events with tokens than the server counts tokens.`,
            note: "Its token counts, or its events, are not what they seem.",
          },
  },
  {
    code: "token_counts_differ",
    signal: "Difference between the server's and the tokenizer's count of the kept texts (not for builtin)",
    unit: "ratio",
    direction: "above",
    info: 0.1,
    suspect: null,
    invalid: null,
    observe: ({ tokens: { tokenizer } }) => {
      if (tokenizer === null || tokenizer.kind === "builtin" || tokenizer.requests < LEAST_COMPARED) return null;
      const { server_tokens: server, tokenizer_tokens: own, requests } = tokenizer;
      return {
        value: Math.abs(own - server) / Math.max(1, server),
        sampleCount: requests,
        message: `The server counts ${server} output tokens in ${requests} texts, the tokenizer of this client ${own}.`,
        note: "Is it the tokenizer of the model? Tokens that are not shown, such as those of tags, count at the server alone.",
      };
    },
  },
];
