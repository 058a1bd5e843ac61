const MOST_LINES = 400;
/** Longer lines are cut: a progress bar or a dump must not fill the memory. */
const MOST_CHARACTERS = 2_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
const ESCAPES = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** vLLM marks every line of a traceback with its level; Python itself only its head and its end. */
const FAILURE = /\b(ERROR|CRITICAL|FATAL|Traceback|Fatal Python error)\b|^\w*(\.\w+)*(Error|Exception)\b/;

/** The last lines that a process wrote to one or more streams, without what would act on a terminal. */
export class LogTail {
  readonly #onLine: (line: string) => void;
  readonly #lines: string[] = [];

  /** @param onLine - Gets each line as it is complete. */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Reads a stream to its end; a carriage return ends a line too (progress bars). */
  follow(stream: NodeJS.ReadableStream): void {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      const lines = `${rest}${text}`.split(/\r\n|\r|\n/);
      rest = (lines.pop() ?? "").slice(-MOST_CHARACTERS);
      for (const line of lines) this.#add(line);
    });
    stream.on("end", () => this.#add(rest));
    stream.on("error", () => {});
  }

  /** The last `count` lines, oldest first. */
  last(count: number): readonly string[] {
    return this.#lines.slice(-count);
  }

  /** The last `count` lines that speak of an error; when there are none, the last lines of all. */
  ofFailure(count: number): readonly string[] {
    const telling = this.#lines.filter((line) => FAILURE.test(line));
    return (telling.length > 0 ? telling : this.#lines).slice(-count);
  }

  #add(line: string): void {
    const shown = line.slice(0, MOST_CHARACTERS).replace(ESCAPES, "").trimEnd();
    if (shown === "") return;
    this.#lines.push(shown);
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
    this.#onLine(shown);
  }
}
