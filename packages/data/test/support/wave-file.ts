/** How a {@link waveFile} is. */
export interface WaveOptions {
  readonly rate: number;
  readonly channels: number;
  /** Frames per channel. */
  readonly frames: number;
}

/** Silence of 16 bits in a WAV file, with a chunk of odd length before the data. */
export function waveFile({ rate, channels, frames }: WaveOptions): Buffer {
  const block = channels * 2;
  const chunk = (name: string, body: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(name, 0, "latin1");
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  };
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE(rate * block, 8);
  format.writeUInt16LE(block, 12);
  format.writeUInt16LE(16, 14);
  const chunks = [
    chunk("fmt ", format),
    chunk("note", Buffer.from("odd")),
    chunk("data", Buffer.alloc(frames * block)),
  ];
  return chunk("RIFF", Buffer.concat([Buffer.from("WAVE"), ...chunks]));
}
