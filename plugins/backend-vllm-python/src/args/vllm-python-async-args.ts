import { booleanField, withDefault } from "@core/backend";
import * as v from "valibot";
import { COMMON_FIELDS, refuseSecretsInConfig } from "./common-fields.js";

const Fields = v.strictObject({
  kind: v.literal("vllm_python_async"),
  ...COMMON_FIELDS,
  stream: withDefault(booleanField("Take tokens one by one; otherwise the answer comes as a whole."), true),
});

/** Configuration of the kind `vllm_python_async`. */
export const VllmPythonAsyncArgsSchema = v.pipe(Fields, refuseSecretsInConfig<v.InferOutput<typeof Fields>>());

/** Validated args, complete. */
export type VllmPythonAsyncArgs = v.InferOutput<typeof VllmPythonAsyncArgsSchema>;

/** Args as given; defaults may be left out. */
export type VllmPythonAsyncArgsInput = v.InferInput<typeof VllmPythonAsyncArgsSchema>;
