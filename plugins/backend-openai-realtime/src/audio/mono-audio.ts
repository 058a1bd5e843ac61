/** Decoded audio of one channel. */
export interface MonoAudio {
  /** Nominally in [-1, 1]. */
  readonly samples: Float32Array;
  /** Samples per second, above 0. */
  readonly sampleRate: number;
}
