import type { Prompt } from "../prompt/prompt.js";
import { encodeFrame } from "./encode-frame.js";

/** Any number that is encoded in four bytes stands where the request's number is written later. */
const RID_PLACE = 0xffff_ffff;
/** Length, array of two, "gen", map, "rid", type of the number. */
const RID_OFFSET = 4 + 1 + 4 + 1 + 4 + 1;

/** Sampling parameters by vLLM's names. */
export type Sampling = Readonly<Record<string, number | boolean | null>>;

/** What a request asks of the engine. */
export interface GenerateBody {
  readonly prompt: Prompt;
  readonly sampling: Sampling;
  readonly stream: boolean;
}

/** The frame of a request, encoded before its intended instant; {@link numberFrame} completes it. */
export function generateFrame(body: GenerateBody): Buffer {
  return encodeFrame("gen", { rid: RID_PLACE, ...body });
}

/** Writes the request's number into its frame. @param rid - From 0 to 2^32 - 1, never used before. */
export function numberFrame(frame: Buffer, rid: number): void {
  frame.writeUInt32BE(rid, RID_OFFSET);
}
