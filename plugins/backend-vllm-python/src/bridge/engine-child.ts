import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type Guardian, startGuardian } from "./guardian.js";
import { LogTail } from "./log-tail.js";

/** How the streams of an ended process are waited for: something that escaped its group may keep them open. */
const CLOSE_LIMIT_MS = 1_000;

/** How a process ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started at all, else null. */
  readonly spawnError: NodeJS.ErrnoException | null;
}

/** What a child is started with. */
export interface EngineChildOptions {
  readonly python: string;
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
}

/**
 * The process of the engine, leader of a group of its own in which vLLM starts its processes. When it ends, however,
 * the rest of the group is killed and its folder removed.
 */
export class EngineChild {
  readonly socket: Duplex;
  readonly log: LogTail;
  /** Private folder for the engine's sockets. */
  readonly folder: string;
  /** When the process has ended, and everything that it had sent and written is read. */
  readonly exited: Promise<ChildExit>;
  readonly #pid: number | null;
  readonly #guardian: Guardian;

  constructor(options: EngineChildOptions) {
    this.folder = mkdtempSync(join(tmpdir(), "gp-vllm-"));
    this.#guardian = startGuardian(this.folder);
    const child = spawn(options.python, ["-u", options.entry], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: { ...options.env, VLLM_RPC_BASE_PATH: this.folder },
    });
    this.#pid = child.pid ?? null;
    if (this.#pid !== null) this.#guardian.guard(this.#pid);
    this.socket = child.stdio[3] as Duplex;
    this.log = new LogTail(options.onLine);
    this.log.follow(child.stdout as NodeJS.ReadableStream);
    this.log.follow(child.stderr as NodeJS.ReadableStream);
    process.once("exit", this.kill);
    const closed = new Promise((resolve) => child.once("close", resolve));
    this.exited = new Promise((resolve) => {
      child.once("error", (spawnError: NodeJS.ErrnoException) => {
        if (this.#pid !== null) return; // a signal that could not be sent
        this.#cleanUp();
        resolve({ code: null, signal: null, spawnError });
      });
      child.once("exit", (code, signal) => {
        this.#cleanUp();
        const exit = { code, signal, spawnError: null };
        const limit = setTimeout(() => resolve(exit), CLOSE_LIMIT_MS);
        void closed.then(() => {
          clearTimeout(limit);
          resolve(exit);
        });
      });
    });
  }

  /** Asks every process of the group to end. */
  terminate(): void {
    this.#signal("SIGTERM");
  }

  /** Kills every process of the group, at once. */
  readonly kill = (): void => this.#signal("SIGKILL");

  #cleanUp(): void {
    this.kill(); // what the engine left behind
    process.off("exit", this.kill);
    rmSync(this.folder, { recursive: true, force: true });
    this.#guardian.dismiss();
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#pid === null) return;
    try {
      process.kill(-this.#pid, signal);
    } catch {
      // the group has ended
    }
  }
}
