import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Memory that is in use once garbage is gone, in bytes. */
export function memoryInUse(): number {
  /a/.test("a"); // V8 keeps the text in which a regular expression found something last
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Turns after which a closed socket has let go of what it held, also on a busy machine. */
const TURNS_TO_REST = 20;

/** The same once what is freed beside the program is freed. */
export async function memoryAtRest(): Promise<number> {
  for (let round = 0; round < TURNS_TO_REST; round += 1) {
    memoryInUse();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return memoryInUse();
}
