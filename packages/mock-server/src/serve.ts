// Runs the mock server in a process of its own: node serve.js --port 0 --ttft-ms 5. Prints {"port":N} once it listens;
// SIGTERM and SIGINT end it.
import { CoreError } from "@core/registry";
import { startMockServer } from "./mock-server.js";
import { parseServeArguments } from "./serve-arguments.js";

try {
  const server = await startMockServer(parseServeArguments(process.argv.slice(2)));
  const close = () => void server.close();
  process.once("SIGTERM", close);
  process.once("SIGINT", close);
  process.stdout.write(`${JSON.stringify({ port: server.port })}\n`);
} catch (error) {
  if (!CoreError.isInstance(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
