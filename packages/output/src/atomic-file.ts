import { access, constants, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { OutputError } from "./errors.js";
import type { OutputContext } from "./output.js";

/**
 * Where a file output writes: `path` from the working directory, a folder gets `defaultName`; without a path the run's
 * folder.
 */
export async function resolveOutputPath(
  path: string | null,
  defaultName: string,
  context: Pick<OutputContext, "directory" | "workingDirectory">,
): Promise<string> {
  if (path === null) return join(context.directory, defaultName);
  const absolute = resolve(context.workingDirectory, path);
  return path.endsWith("/") || (await isDirectory(absolute)) ? join(absolute, defaultName) : absolute;
}

/** Creates the folder of a file and makes sure that it can be written to. @throws {OutputError} */
export async function assertWritable(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw notWritable(file, error);
  }
}

/**
 * Writes a file as a whole or not at all: into a neighbour first, which is then renamed.
 *
 * @throws {OutputError} CORE_OUTPUT_NOT_WRITABLE.
 */
export async function writeAtomically(file: string, pieces: Iterable<string>): Promise<void> {
  const neighbour = join(dirname(file), `.${basename(file)}.${process.pid}.partial`);
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(neighbour, "w");
    try {
      for (const block of inBlocks(pieces)) await handle.writeFile(block, "utf8");
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(neighbour, file);
  } catch (error) {
    await rm(neighbour, { force: true });
    throw notWritable(file, error);
  }
}

const BLOCK_CHARACTERS = 1 << 20;

/** Joins small pieces, so that a large file does not take a system call for each. */
function* inBlocks(pieces: Iterable<string>): Generator<string, void> {
  let block = "";
  for (const piece of pieces) {
    block += piece;
    if (block.length < BLOCK_CHARACTERS) continue;
    yield block;
    block = "";
  }
  if (block !== "") yield block;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // not there yet: then it names a file
  }
}

function notWritable(file: string, cause: unknown): OutputError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OutputError(`${file} cannot be written: ${reason}`, {
    code: "CORE_OUTPUT_NOT_WRITABLE",
    hint: "Give a folder that can be written to, with --output-dir or path=.",
    cause,
  });
}
