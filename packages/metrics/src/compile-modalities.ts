import type { CompileContext } from "./metric-compiler.js";
import { compileModality, type ModalityInput, type ModalityMetric } from "./modality-metrics.js";
import { RECORD_OFFSET, type RecordField } from "./record-layout.js";

/** Compiles the counters by modality. */
export function compileModalities(context: CompileContext) {
  const input: ModalityInput = { ...context, members: context.members.all, overlapping: context.members.overlapping };
  const compile = (name: InputCounter): ModalityMetric => {
    const outputField = `output_${name}`;
    return compileModality(input, `input_${name}`, isRecorded(outputField) ? outputField : null);
  };
  return {
    text: {
      tokens: compile("text_tokens"),
      words: compile("text_words"),
      characters: compile("text_characters"),
    },
    image: {
      tokens: compile("image_tokens"),
      images: compile("image_count"),
      pixels: compile("image_pixels"),
      bytes: compile("image_bytes"),
    },
    video: {
      tokens: compile("video_tokens"),
      frames: compile("video_frames"),
      seconds: compile("video_seconds"),
      bytes: compile("video_bytes"),
    },
    audio: {
      tokens: compile("audio_tokens"),
      samples: compile("audio_samples"),
      seconds: compile("audio_seconds"),
      bytes: compile("audio_bytes"),
    },
    tool_call: {
      tokens: compile("tool_call_tokens"),
      mixed_tokens: compile("mixed_content_tool_tokens"),
      count: compile("tool_call_count"),
    },
  };
}

type InputCounter = RecordField extends infer F ? (F extends `input_${infer Name}` ? Name : never) : never;

function isRecorded(field: string): field is RecordField {
  return Object.hasOwn(RECORD_OFFSET, field);
}
