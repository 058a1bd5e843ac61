import { readFileSync, statSync } from "node:fs";
import { BackendError } from "@core/backend";

const MARKERS = /\{\{|\{%|\{#/;

/** How messages become a prompt. */
export interface TemplateSetting {
  readonly template: "plain" | "default" | "custom";
  /** Jinja text of a custom template, else null. */
  readonly chatTemplate: string | null;
}

/**
 * Reads a `request_format`; a template file is read here, so that the engine's process needs no access to it.
 *
 * @throws {BackendError} VLLM_PYTHON_TEMPLATE when it is neither a known word nor a template.
 */
export function templateSetting(requestFormat: string): TemplateSetting {
  if (requestFormat === "plain") return { template: "plain", chatTemplate: null };
  if (requestFormat === "default-template") return { template: "default", chatTemplate: null };
  const isFile = statSync(requestFormat, { throwIfNoEntry: false })?.isFile() ?? false;
  const text = isFile ? readFileSync(requestFormat, "utf8") : requestFormat;
  if (MARKERS.test(text)) return { template: "custom", chatTemplate: text };
  throw new BackendError(
    isFile
      ? `The file ${requestFormat} holds no template: none of {{, {% and {# is in it.`
      : `request_format ${JSON.stringify(requestFormat)} is no template and no file.`,
    {
      code: "VLLM_PYTHON_TEMPLATE",
      hint: "Use plain, default-template, the path of a Jinja file, or template text with {{ or {%.",
    },
  );
}
