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

/**
 * Makes sure that a file can be written, as far as this can be told without leaving anything behind: the nearest folder
 * that is there already takes new entries.
 *
 * @throws {OutputError} CORE_OUTPUT_NOT_WRITABLE.
 */
export async function assertWritable(file: string): Promise<void> {
  try {
    const folder = await nearestExisting(dirname(file));
    if (!(await isDirectory(folder))) throw new Error(`${folder} is not a folder`);
    await access(folder, constants.W_OK | constants.X_OK);
    if (await isDirectory(file)) throw new Error("it is a folder");
  } catch (error) {
    throw notWritable(file, error);
  }
}

/** The path itself, or the deepest place above it that is there. */
async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((code !== "ENOENT" && code !== "ENOTDIR") || dirname(path) === path) throw error;
    return nearestExisting(dirname(path));
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
      for (const block of inBlocks(pieces)) await handle.writeFile(block);
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

const BLOCK_BYTES = 1 << 19;
/** Most bytes that one unit of a JavaScript string takes in UTF-8. */
const BYTES_PER_UNIT = 3;

/**
 * Joins small pieces in one buffer, so that a large file does not take a system call for each. A block is valid until the
 * next one is asked for. Perf: joining them as strings first would copy the file twice more.
 */
function* inBlocks(pieces: Iterable<string>): Generator<Uint8Array, void> {
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let length = 0;
  for (const piece of pieces) {
    const most = piece.length * BYTES_PER_UNIT;
    if (length > 0 && length + most > BLOCK_BYTES) {
      yield block.subarray(0, length);
      length = 0;
    }
    if (most > BLOCK_BYTES) yield Buffer.from(piece, "utf8");
    else length += block.write(piece, length, "utf8");
  }
  if (length > 0) yield block.subarray(0, length);
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
