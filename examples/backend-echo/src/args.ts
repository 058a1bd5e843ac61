import { booleanField, integerField, nullable, numberField, withDefault } from "@core/backend";
import * as v from "valibot";

/** Everything that the echo backend can be told. Descriptions and defaults show up in `goodput run --help`. */
export const EchoArgsSchema = v.strictObject({
  kind: v.literal("echo"),
  delay_ms: withDefault(numberField("Milliseconds before the first token.", { minimum: 0 }), 0),
  token_gap_ms: withDefault(numberField("Milliseconds between tokens.", { minimum: 0 }), 0),
  tokens: nullable(
    integerField("Tokens in every answer; when left out, as many as the request asks for, else one per word.", {
      minimum: 1,
    }),
  ),
  stream: withDefault(booleanField("Give the tokens one by one; otherwise the answer comes as a whole."), true),
});

/** Validated args, complete. */
export type EchoArgs = v.InferOutput<typeof EchoArgsSchema>;

/** Args as a user writes them: everything with a default may be left out. */
export type EchoArgsInput = v.InferInput<typeof EchoArgsSchema>;
