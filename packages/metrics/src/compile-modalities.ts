import type { CompileContext } from "./metric-compiler.js";
import { compileModality, EMPTY_MODALITY, type ModalityInput } from "./modality-metrics.js";
import type { RecordField } from "./record-layout.js";

/**
 * Compiles the counters by modality. Records carry text and tool calls; image, video and audio are null until a request
 * format of this version sends them.
 */
export function compileModalities(context: CompileContext) {
  const input: ModalityInput = { ...context, members: context.members.all, overlapping: context.members.overlapping };
  const compile = <F extends string>(name: F & SideField) =>
    compileModality(input, `input_${name}` as RecordField, `output_${name}` as RecordField);
  return {
    text: {
      tokens: compile("text_tokens"),
      words: compile("text_words"),
      characters: compile("text_characters"),
    },
    image: { tokens: EMPTY_MODALITY, images: EMPTY_MODALITY, pixels: EMPTY_MODALITY, bytes: EMPTY_MODALITY },
    video: { tokens: EMPTY_MODALITY, frames: EMPTY_MODALITY, seconds: EMPTY_MODALITY, bytes: EMPTY_MODALITY },
    audio: { tokens: EMPTY_MODALITY, samples: EMPTY_MODALITY, seconds: EMPTY_MODALITY, bytes: EMPTY_MODALITY },
    tool_call: {
      tokens: compile("tool_call_tokens"),
      mixed_tokens: compile("mixed_content_tool_tokens"),
      count: compile("tool_call_count"),
    },
  };
}

type SideField = RecordField extends infer F ? (F extends `input_${infer Name}` ? Name : never) : never;
