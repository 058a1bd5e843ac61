import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { startGuardian } from "../src/bridge/guardian.js";
import { eventually, guardiansOf } from "./support/processes.js";
import { linuxTest } from "./support/stand-in.js";

function engineFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gp-vllm-"));
  writeFileSync(join(folder, "socket"), "");
  return folder;
}

linuxTest("without a group to guard, the end of goodput removes the folder", async () => {
  const folder = engineFolder();
  const guardian = startGuardian(folder);
  await eventually(() => guardiansOf(folder).length === 1, "the guardian has started");
  guardian.dismiss(); // as when goodput dies: its end of the pipe closes, and no word comes
  await eventually(() => !existsSync(folder), "the folder is removed");
  await eventually(() => guardiansOf(folder).length === 0, "the guardian has ended");
});

linuxTest("sent away, it leaves the group and the folder alone", async () => {
  const folder = engineFolder();
  const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  const guardian = startGuardian(folder);
  guardian.guard(child.pid as number);
  guardian.dismiss();
  await eventually(() => guardiansOf(folder).length === 0, "the guardian has ended");
  expect(existsSync(folder)).toBe(true);
  expect(child.exitCode).toBeNull();
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  rmSync(folder, { recursive: true });
});
