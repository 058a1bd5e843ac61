import { DataError } from "../errors.js";
import type { MappedTurn } from "../mapper/column-mapper.js";
import type { DataPreprocessor } from "../pipeline-registries.js";
import { encodeAudio } from "./encode-audio.js";

/** Args of the preprocessor. */
export interface EncodeMediaOptions {
  readonly audio_kwargs: Readonly<Record<string, unknown>>;
  readonly image_kwargs: Readonly<Record<string, unknown>>;
  readonly video_kwargs: Readonly<Record<string, unknown>>;
}

/**
 * Makes what requests carry of the audio of each turn.
 *
 * @throws {DataError} CORE_DATA_NOT_BUILT for options that would need to decode and encode again.
 */
export function createMediaEncoder({ audio_kwargs, image_kwargs, video_kwargs }: EncodeMediaOptions): DataPreprocessor {
  const { file_name = null, ...others } = audio_kwargs;
  refuse("audio_kwargs", others);
  refuse("image_kwargs", image_kwargs);
  refuse("video_kwargs", video_kwargs);
  if (file_name !== null && typeof file_name !== "string") refuse("audio_kwargs", { file_name });
  const name = typeof file_name === "string" ? file_name : null;
  return (turns) => turns.map((turn) => encodeTurn(turn, name));
}

function encodeTurn(turn: MappedTurn, fileName: string | null): MappedTurn {
  const audio = turn["audio_column"];
  if (audio === undefined) return turn;
  return { ...turn, audio_column: audio.map((cell) => encodeAudio(cell, fileName)) };
}

function refuse(name: string, options: Readonly<Record<string, unknown>>): void {
  const [option] = Object.entries(options).find(([, value]) => value !== null) ?? [];
  if (option === undefined) return;
  throw new DataError(
    `encode_media cannot do ${name}.${option} yet: audio is sent as it is, images and video are not.`,
    {
      code: "CORE_DATA_NOT_BUILT",
      hint: "Convert the files beforehand and leave the option out; audio_kwargs.file_name is known.",
    },
  );
}
