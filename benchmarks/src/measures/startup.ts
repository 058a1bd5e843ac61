import { once } from "node:events";
import { createServer } from "node:http";
import { GOODPUT, run } from "../command.ts";
import { median } from "../statistics.ts";
import type { Measure } from "./measure.ts";

/** What a user waits for: `goodput --help`, and `goodput run` until its first request reaches the server. */
export async function measureStartup(samples: number): Promise<Measure> {
  const help: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) help.push((await run([GOODPUT, "--help"])).wallSeconds * 1000);
  const firstRequest: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) firstRequest.push(await timeToFirstRequestMs());
  return {
    id: "startup",
    title: `start-up, ${samples} times each`,
    header: ["command", "median ms", "worst ms"],
    rows: [
      { name: "goodput --help", figures: [median(help), Math.max(...help)] },
      { name: "goodput run, to first request", figures: [median(firstRequest), Math.max(...firstRequest)] },
    ],
  };
}

async function timeToFirstRequestMs(): Promise<number> {
  let firstAt = Number.NaN;
  const server = createServer((request, response) => {
    if (request.method === "POST" && Number.isNaN(firstAt)) firstAt = performance.now();
    response.setHeader("content-type", "application/json");
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const choices = [{ index: 0, text: "a", finish_reason: "length" }];
    response.end(JSON.stringify({ data: [{ id: "m" }], id: "c", choices, usage }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const target = `http://127.0.0.1:${address.port}`;
  const began = performance.now();
  const result = await run([
    ...[GOODPUT, "run", "--disable-console", "--output-dir", "/dev/null/none", "--output", "kind=console"],
    ...["--backend", `kind=openai_http,target=${target},request_format=/v1/completions,stream=false`],
    ...["--profile", "kind=synchronous", "--constraint", "kind=max_requests,count=1"],
    ...["--data", "kind=synthetic_text,prompt_tokens=16,output_tokens=1"],
  ]);
  server.close();
  if (Number.isNaN(firstAt)) throw new Error(`no request arrived: ${result.stderr}`);
  return firstAt - began;
}
