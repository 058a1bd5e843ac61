import { fileURLToPath } from "node:url";
import { run } from "../command.ts";
import type { Client } from "./client.ts";
import { outcomeOf } from "./printed-outcome.ts";

const READER = fileURLToPath(new URL("./bare-reader.ts", import.meta.url));

/** The least that a client in Node can do: sockets, a search for the beginnings of events, a stamp for each. */
export const bare: Client = {
  name: "bare reader",
  async run({ url, streams, requestsPerStream, tokens, cpu }) {
    const words = [
      process.execPath,
      "--no-warnings",
      READER,
      url,
      String(streams),
      String(requestsPerStream),
      String(tokens),
    ];
    return outcomeOf(await run(words, cpu), "the bare reader");
  },
};
