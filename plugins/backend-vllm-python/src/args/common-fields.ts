import {
  choiceField,
  defineField,
  headersField,
  isCredentialHeader,
  mappingField,
  nullable,
  numberField,
  textField,
  withDefault,
} from "@core/backend";
import * as v from "valibot";

const CPU_LIST = /^\d+(-\d+)?(,\d+(-\d+)?)*$/;

/** Fields that the asynchronous and the batch kind share. */
export const COMMON_FIELDS = {
  model: textField("Model to load: a folder or a name on the hub."),
  vllm_config: withDefault(
    mappingField("Arguments of the engine by their Python names, for example {max_model_len: 4096}."),
    {},
  ),
  request_format: withDefault(
    textField("plain (no template), default-template (the tokenizer's), a template file, or template text."),
    "default-template",
  ),
  image_placeholder: withDefault(textField("Stands for an image in a plain prompt."), "<image>"),
  audio_placeholder: withDefault(textField("Stands for a sound in a plain prompt."), "<|audio|>"),
  sampling_defaults: withDefault(
    choiceField("Sampling where a request says nothing: vLLM's own defaults, or those of the model's folder.", [
      "vllm",
      "model",
    ]),
    "vllm",
  ),
  python: withDefault(textField("Interpreter that has vLLM: a name on the PATH or a path."), "python3"),
  env: withDefault(
    headersField("Variables of the engine's process beside those of this one; secrets as {env: NAME} or {file: PATH}."),
    {},
  ),
  cpu_affinity: withDefault(cpuAffinityField(), "inherit"),
  startup_timeout: withDefault(numberField("Seconds until the engine must be ready.", { exclusiveMinimum: 0 }), 1800),
  stats_interval: nullable(
    numberField("Seconds between two lines of the engine's statistics in the log; null writes none.", {
      exclusiveMinimum: 0,
    }),
  ),
};

/** Refuses secrets where they would be written into reports. */
export function refuseSecretsInConfig<S extends { readonly vllm_config: Readonly<Record<string, unknown>> }>() {
  return v.rawCheck<S>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const found = Object.entries(dataset.value.vllm_config).find(
      ([name, value]) => typeof value === "string" && isCredentialHeader(name),
    );
    if (found === undefined) return;
    addIssue({ message: `vllm_config.${found[0]} would be written into reports: give it through env, as HF_TOKEN` });
  });
}

function cpuAffinityField() {
  const typeText = "inherit | cgroup | CPU list";
  return defineField<string>(
    "CPUs of the engine's processes: those of goodput (inherit), all of the control group (cgroup), or a list (0-3,8).",
    { typeText, jsonSchema: { type: "string" } },
    (input) => {
      const text = typeof input === "number" ? String(input) : input;
      if (typeof text === "string" && (text === "inherit" || text === "cgroup" || CPU_LIST.test(text))) {
        return { value: text };
      }
      return { problem: "must be inherit, cgroup or a list of CPUs such as 0-3,8" };
    },
  );
}
