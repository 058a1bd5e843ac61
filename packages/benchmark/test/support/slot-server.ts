/** Perf: in the sandbox of a test each look at a global is a call; there are millions here. */
const { log, floor, min } = Math;

/** A closed loop on a server with a number of slots; seconds of virtual time. */
export interface SlotLoad {
  readonly streams: number;
  readonly slots: number;
  /** Mean of the exponential times of requests. */
  readonly requestSeconds: number;
  readonly tokensPerRequest: number;
  readonly seconds: number;
  readonly random: () => number;
}

/**
 * Tokens per second in equal parts of the second half of a load. The rate is min(streams, slots) · tokens / request
 * seconds, so that its knee is the number of slots. Tokens come evenly within a request.
 */
export function slotServerBlocks(load: SlotLoad, blocks: number): readonly number[] {
  const { streams, slots, requestSeconds, tokensPerRequest, seconds, random } = load;
  const from = seconds / 2;
  const width = (seconds - from) / blocks;
  const tokens = new Array<number>(blocks).fill(0);
  // A stream in a slot sends its next request at once; those that wait change nothing about what the slots do.
  for (let slot = 0; slot < min(streams, slots); slot += 1) {
    for (let at = 0; at < seconds; ) {
      const end = at - requestSeconds * log(1 - random());
      addEvenly(at, end, tokensPerRequest);
      at = end;
    }
  }
  return tokens.map((sum) => sum / width);

  function addEvenly(begin: number, end: number, count: number): void {
    for (let token = 1; token <= count; token += 1) {
      const block = floor((begin + ((end - begin) * token) / count - from) / width);
      if (block >= 0 && block < blocks) tokens[block] = (tokens[block] ?? 0) + 1;
    }
  }
}
