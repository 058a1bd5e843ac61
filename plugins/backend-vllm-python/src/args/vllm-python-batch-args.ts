import { integerField, numberField, withDefault } from "@core/backend";
import * as v from "valibot";
import { COMMON_FIELDS, refuseSecretsInConfig } from "./common-fields.js";

const Fields = v.strictObject({
  kind: v.literal("vllm_python_batch"),
  ...COMMON_FIELDS,
  batch_size: withDefault(
    integerField("Requests that are generated together as soon as so many wait.", { exclusiveMinimum: 0 }),
    32,
  ),
  batch_timeout: withDefault(
    numberField("Seconds after which those that wait are generated, however few.", { exclusiveMinimum: 0 }),
    0.01,
  ),
});

/** Configuration of the kind `vllm_python_batch`. */
export const VllmPythonBatchArgsSchema = v.pipe(Fields, refuseSecretsInConfig<v.InferOutput<typeof Fields>>());

/** Validated args, complete. */
export type VllmPythonBatchArgs = v.InferOutput<typeof VllmPythonBatchArgsSchema>;

/** Args as given; defaults may be left out. */
export type VllmPythonBatchArgsInput = v.InferInput<typeof VllmPythonBatchArgsSchema>;
