import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createBackend } from "@core/backend";
import { expect, jest } from "@jest/globals";
import "../src/index.js";
import { bridgeOf, coreOf, MARK, markedProcesses } from "./support/processes.js";
import { linuxTest, standInArgs } from "./support/stand-in.js";

jest.setTimeout(120_000);

const LISTENING = "0A";

/** Sockets of a process on which it waits for connections over TCP. */
function listeningSockets(pid: number): readonly string[] {
  const inodes = ["tcp", "tcp6"].flatMap((table) => {
    const rows = readFileSync(`/proc/${pid}/net/${table}`, "utf8").split("\n").slice(1);
    return rows
      .map((row) => row.trim().split(/\s+/))
      .filter((cells) => cells[3] === LISTENING)
      .map((cells) => cells[9]);
  });
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  return links.filter((link) => inodes.some((inode) => link === `socket:[${inode}]`));
}

function cpusOf(pid: number): string | undefined {
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
}

/** Starts an engine and hands over its own process and its core's. */
async function withProcesses(
  more: Readonly<Record<string, unknown>>,
  use: (bridge: number, core: number) => void,
): Promise<void> {
  const mark = `process-${process.pid}-${JSON.stringify(more).length}`;
  const { env = {}, ...rest } = more as { env?: object };
  const backend = createBackend(standInArgs({}, { ...rest, env: { [MARK]: mark, ...env } }));
  await backend.startup();
  try {
    const found = markedProcesses(mark);
    const [bridge, core] = [bridgeOf(found), coreOf(found)];
    if (bridge === undefined || core === undefined) throw new Error("a process is missing");
    use(bridge.pid, core.pid);
  } finally {
    await backend.shutdown();
  }
}

linuxTest("nothing listens, and the command line holds no configuration", async () => {
  await withProcesses({ env: { HF_TOKEN: "hf_secret" }, model: "secret-model" }, (bridge, core) => {
    for (const pid of [bridge, core]) {
      expect(listeningSockets(pid)).toEqual([]);
      expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.toContain("secret");
    }
  });
});

linuxTest("cpu_affinity places the engine's processes, not the bridge", async () => {
  const own = cpusOf(process.pid);
  const first = own?.split(/[,-]/)[0] ?? "0";
  await withProcesses({ cpu_affinity: first }, (bridge, core) => {
    expect(cpusOf(core)).toBe(first);
    expect(cpusOf(bridge)).toBe(own);
  });
  await withProcesses({}, (bridge, core) => {
    expect([cpusOf(bridge), cpusOf(core)]).toEqual([own, own]);
  });
});

linuxTest("the core cannot reach the channel", async () => {
  await withProcesses({}, (bridge, core) => {
    const channel = readlinkSync(`/proc/${bridge}/fd/3`);
    expect(channel).toMatch(/^socket:/);
    const links = readdirSync(`/proc/${core}/fd`).map((fd) => readlinkSync(`/proc/${core}/fd/${fd}`));
    expect(links).not.toContain(channel);
  });
});
