const SPACE = 0x20;
const FURTHER_SPACES: readonly number[] = [
  ...[0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff],
  ...Array.from({ length: 11 }, (_, at) => 0x2000 + at),
];

/** Counts the words and characters of a text that arrives in pieces, without keeping it. */
export class TextMeter {
  #words = 0;
  #characters = 0;
  #isInWord = false;
  /** The last piece ended with the first half of a surrogate pair. */
  #endsWithHigh = false;

  /** Runs without whitespace (what `\s` of a regular expression matches). */
  get words(): number {
    return this.#words;
  }

  /** Unicode code points. */
  get characters(): number {
    return this.#characters;
  }

  /** Goes on from where another one is. */
  follow(other: TextMeter): void {
    this.#words = other.#words;
    this.#characters = other.#characters;
    this.#isInWord = other.#isInWord;
    this.#endsWithHigh = other.#endsWithHigh;
  }

  /** Adds a piece, which may begin or end in the middle of a word or of a surrogate pair. */
  add(text: string): void {
    let [words, pairs, isInWord, isHigh] = [0, 0, this.#isInWord, this.#endsWithHigh];
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (isHigh && isLowSurrogate(unit)) pairs += 1;
      isHigh = isHighSurrogate(unit);
      const wasInWord = isInWord;
      isInWord = !isSpace(unit);
      if (isInWord && !wasInWord) words += 1;
    }
    this.#words += words;
    this.#characters += text.length - pairs;
    this.#isInWord = isInWord;
    this.#endsWithHigh = isHigh;
  }

  /** Adds `bytes[start, end)`, none of which is above 0x7f. */
  addAscii(bytes: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    let [words, isInWord] = [0, this.#isInWord];
    for (let at = start; at < end; at += 1) {
      const wasInWord = isInWord;
      isInWord = !isAsciiSpace(bytes[at] as number);
      if (isInWord && !wasInWord) words += 1;
    }
    this.#words += words;
    this.#characters += end - start;
    this.#isInWord = isInWord;
    this.#endsWithHigh = false;
  }
}

/** Perf: a regular expression would make a list of all words. */
function isSpace(unit: number): boolean {
  return unit < 0x80 ? isAsciiSpace(unit) : unit >= 0xa0 && FURTHER_SPACES.includes(unit);
}

function isAsciiSpace(unit: number): boolean {
  return unit === SPACE || (unit >= 0x09 && unit <= 0x0d);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
