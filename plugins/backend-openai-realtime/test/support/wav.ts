/** How a WAV file of {@link wavFile} is encoded. */
export interface WavOptions {
  readonly sampleRate?: number;
  readonly channels?: number;
  readonly encoding?: "pcm8" | "pcm16" | "pcm24" | "pcm32" | "float32" | "float64";
  /** The form with the encoding in a sub-format. */
  readonly extensible?: boolean;
}

const BYTES = { pcm8: 1, pcm16: 2, pcm24: 3, pcm32: 4, float32: 4, float64: 8 } as const;

/** A WAV file of samples in [-1, 1], one frame after another. */
export function wavFile(samples: readonly number[], options: WavOptions = {}): Uint8Array {
  const { sampleRate = 16_000, channels = 1, encoding = "pcm16", extensible = false } = options;
  const size = BYTES[encoding];
  const code = encoding.startsWith("float") ? 3 : 1;
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * channels * size, 8);
  format.writeUInt16LE(channels * size, 12);
  format.writeUInt16LE(size * 8, 14);
  if (extensible) format.writeUInt16LE(code, 24);
  const data = Buffer.alloc(samples.length * size);
  for (const [index, sample] of samples.entries()) writeSample(data, index * size, sample, encoding);
  return Buffer.concat([
    Buffer.from("RIFF\0\0\0\0WAVE"),
    chunk("LIST", Buffer.from("odd")),
    chunk("fmt ", format),
    chunk("data", data),
  ]);
}

function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, "latin1");
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

function writeSample(data: Buffer, at: number, sample: number, encoding: keyof typeof BYTES): void {
  switch (encoding) {
    case "pcm8":
      data.writeUInt8(Math.min(255, Math.round(sample * 128) + 128), at);
      return;
    case "float32":
      data.writeFloatLE(sample, at);
      return;
    case "float64":
      data.writeDoubleLE(sample, at);
      return;
    default: {
      const scale = 2 ** (BYTES[encoding] * 8 - 1);
      data.writeIntLE(Math.min(scale - 1, Math.round(sample * scale)), at, BYTES[encoding]);
    }
  }
}
