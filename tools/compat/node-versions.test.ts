import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type InstalledProject, installProject } from "../test/installed-project.js";

jest.setTimeout(600_000); // installs whole Nodes

const ROOT = join(import.meta.dirname, "../..");
const execute = promisify(execFile);
const { engines } = JSON.parse(readFileSync(join(ROOT, "packages/goodput/package.json"), "utf8"));
const CERTIFICATES = join(ROOT, "plugins/backend-openai-http/src/__fixtures__");

/** Prints what a run over each protocol gave, and what the handle of a socket is like. */
const READ_STREAMS = `
  import { execFile } from "node:child_process";
  import { once } from "node:events";
  import { readFileSync } from "node:fs";
  import { connect } from "node:net";
  import { connect as connectTls } from "node:tls";
  import { promisify } from "node:util";
  import { startMockServer } from "@core/mock-server";

  const pem = (name) => process.argv[2] + "/self-signed-test-only." + name + ".pem";
  const told = {};
  for (const tls of [{}, { tls_cert: pem("cert"), tls_key: pem("key") }]) {
    const server = await startMockServer({ port: 0, ttft_ms: 5, itl_ms: 5, output_tokens: 5, ...tls });
    const { protocol, port } = new URL(server.url);
    const socket = (protocol === "http:" ? connect : connectTls)({
      ...{ host: "127.0.0.1", port: Number(port), rejectUnauthorized: false },
      onread: { buffer: Buffer.alloc(1024), callback: () => true },
    });
    await once(socket, protocol === "http:" ? "connect" : "secureConnect");
    const { onread, bytesRead } = socket._handle;
    socket.destroy();
    await promisify(execFile)(process.execPath, [
      ...["node_modules/goodput/bin/goodput.js", "run", "--output", "kind=json", "--output-dir", "streams"],
      ...["--backend", "kind=openai_http,verify=false,target=" + server.url, "--profile", "kind=concurrent,streams=2"],
      ...["--data", "kind=synthetic_text,prompt_tokens=8,output_tokens=5"],
      ...["--constraint", "kind=max_requests,count=6"],
    ]);
    const { metrics } = JSON.parse(readFileSync("streams/benchmarks.json", "utf8")).benchmarks[0];
    told[protocol] = {
      handle: { onread: typeof onread, bytesRead: typeof bytesRead },
      successful: metrics.request_totals.successful,
      tokens: metrics.output_token_count.successful.total_sum,
      gaps: metrics.inter_token_gap_ms.successful.count,
    };
    await server.close();
  }
  process.stdout.write(JSON.stringify(told));
`;

/** The oldest Node that the packages allow, and the newest there is. */
const VERSIONS = [`${engines.node.replace(">=", "")}.0`, "latest"];

let project: InstalledProject;
beforeAll(async () => {
  project = await installProject({});
});
afterAll(() => project.remove());

describe.each(VERSIONS)("with Node %s", (version) => {
  let node: string;
  beforeAll(async () => {
    const folder = join(project.folder, `node-${version}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "a-node", private: true }));
    await execute("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", `node@${version}`], {
      cwd: folder,
    });
    node = join(folder, "node_modules/node/bin/node");
  });

  test("is that version", async () => {
    const { stdout } = await project.run(node, "--version");
    if (version === "latest") expect(Number(/^v(\d+)/.exec(stdout)?.[1])).toBeGreaterThan(24);
    else expect(stdout).toBe(`v${version}\n`);
  });

  test("runs a benchmark with a plugin and writes its report", async () => {
    await project.run(
      ...[node, "node_modules/goodput/bin/goodput.js", "run", "--plugin", "goodput-backend-echo"],
      ...["--backend", "kind=echo,delay_ms=1", "--data", "kind=synthetic_text,prompt_tokens=8,output_tokens=4"],
      ...["--profile", "kind=concurrent,streams=2", "--constraint", "kind=max_requests,count=5"],
      ...["--output", "kind=json", "--output-dir", `out-${version}`],
    );
    const report = JSON.parse(readFileSync(join(project.folder, `out-${version}`, "benchmarks.json"), "utf8"));
    expect(report.benchmarks[0].metrics.request_totals).toMatchObject({ successful: 5, errored: 0 });
  });

  test("reads streams from the handles of sockets, over TCP and TLS", async () => {
    writeFileSync(join(project.folder, "read-streams.mjs"), READ_STREAMS);
    const { stdout } = await project.run(node, "read-streams.mjs", CERTIFICATES);
    const run = { handle: { onread: "function", bytesRead: "number" }, successful: 6, tokens: 30, gaps: 24 };
    expect(JSON.parse(stdout)).toEqual({ "http:": run, "https:": run });
  });

  test("passes the contract of a package that has just been made", async () => {
    const name = `made-${version.replaceAll(".", "-")}`;
    await project.run(node, "node_modules/@core/create-backend/bin/create-backend.js", name);
    // the compiler and the types of Node are those of this repository
    const types = ["--typeRoots", join(ROOT, "node_modules/@types")];
    await project.node(join(ROOT, "node_modules/typescript/bin/tsc"), "-p", join(name, "tsconfig.json"), ...types);
    const { stdout } = await execute(node, ["--test", "dist/test/*.test.js"], { cwd: join(project.folder, name) });
    expect(stdout).toMatch(/^# fail 0$|^ℹ fail 0$/m);
    expect(Number(/pass (\d+)/.exec(stdout)?.[1])).toBeGreaterThan(30);
  });
});
