/** What the first bytes of encoded audio say. */
export interface AudioHeader {
  /** Usual suffix of such a file, lower case. */
  readonly format: string;
  /** Frames per channel; null when the header does not say. */
  readonly samples: number | null;
  /** Length, seconds; null when the header does not say. */
  readonly seconds: number | null;
}

/** Reads the header of WAV and FLAC; other formats are recognised and their length stays unknown. Null for anything else. */
export function readAudioHeader(bytes: Uint8Array): AudioHeader | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (start: number, end: number) => buffer.toString("latin1", start, end);
  if (at(0, 4) === "RIFF" && at(8, 12) === "WAVE") return readWav(buffer);
  if (at(0, 4) === "fLaC") return readFlac(buffer);
  if (at(0, 4) === "OggS") return unmeasured("ogg");
  if (at(4, 8) === "ftyp") return unmeasured("m4a");
  if (at(0, 4) === "\x1a\x45\xdf\xa3") return unmeasured("webm");
  if (at(0, 3) === "ID3") return unmeasured("mp3");
  if (buffer[0] !== 0xff) return null;
  const sync = (buffer[1] ?? 0) & 0xf6;
  if (sync === 0xf0) return unmeasured("aac"); // ADTS: layer bits 00
  return (sync & 0xe0) === 0xe0 ? unmeasured("mp3") : null;
}

function unmeasured(format: string): AudioHeader {
  return { format, samples: null, seconds: null };
}

/** Chunks of RIFF; the length of `data` may be more than there is, as programs that stream write it. */
function readWav(buffer: Buffer): AudioHeader {
  let byteRate = 0;
  let blockBytes = 0;
  for (let at = 12; at + 8 <= buffer.length; ) {
    const name = buffer.toString("latin1", at, at + 4);
    const size = buffer.readUInt32LE(at + 4);
    const start = at + 8;
    if (name === "fmt " && start + 16 <= buffer.length) {
      byteRate = buffer.readUInt32LE(start + 8);
      blockBytes = buffer.readUInt16LE(start + 12);
    }
    if (name === "data") {
      const data = Math.min(size, buffer.length - start);
      if (byteRate === 0 || blockBytes === 0) break;
      return { format: "wav", samples: Math.floor(data / blockBytes), seconds: data / byteRate };
    }
    at = start + size + (size % 2);
  }
  return unmeasured("wav");
}

/** The block STREAMINFO, which is always the first (RFC 9639, section 8.2). */
function readFlac(buffer: Buffer): AudioHeader {
  if (buffer.length < 26) return unmeasured("flac");
  const rate = buffer.readUIntBE(18, 3) >>> 4;
  const samples = (buffer.readUInt8(21) & 0x0f) * 2 ** 32 + buffer.readUInt32BE(22);
  if (rate === 0 || samples === 0) return unmeasured("flac");
  return { format: "flac", samples, seconds: samples / rate };
}
