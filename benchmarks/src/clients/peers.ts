import { run } from "../command.ts";
import type { Client } from "./client.ts";
import { outcomeOf } from "./printed-outcome.ts";

const PREFIX = "GOODPUT_PEER_";

/**
 * Other tools, each a shell command in a variable `GOODPUT_PEER_<NAME>`, with `{url}`, `{streams}`, `{requests}` (in all)
 * and `{tokens}` to be filled in. Processor time and memory are measured; for TTFT and gaps the command prints a JSON
 * object as its last line (see {@link outcomeOf}).
 */
export function peers(environment: NodeJS.ProcessEnv = process.env): readonly Client[] {
  return Object.entries(environment).flatMap(([variable, command]) =>
    variable.startsWith(PREFIX) && command ? [peer(variable.slice(PREFIX.length).toLowerCase(), command)] : [],
  );
}

function peer(name: string, command: string): Client {
  return {
    name,
    async run({ url, streams, requestsPerStream, tokens, cpu }) {
      const values: Readonly<Record<string, string | number>> = {
        url,
        streams,
        requests: streams * requestsPerStream,
        tokens,
      };
      const filled = command.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
      return outcomeOf(await run(["bash", "-c", `exec ${filled}`], cpu), name);
    },
  };
}
