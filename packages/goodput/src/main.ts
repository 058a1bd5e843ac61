import { createRequire } from "node:module";
import { keepCompiledCode } from "@core/cli/compiled-code";

keepCompiledCode(process.env);
const { processContext, runCli } = await import("@core/cli");

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** Runs the command of this distribution: the command line with the first-party backends. */
process.exitCode = await runCli(
  process.argv.slice(2),
  processContext({
    name: "goodput",
    version,
    plugins: [
      { kinds: ["openai_http"], url: import.meta.resolve("@plugin/backend-openai-http") },
      { kinds: ["openai_websocket"], url: import.meta.resolve("@plugin/backend-openai-realtime") },
    ],
    defaultBackend: "openai_http",
  }),
);
