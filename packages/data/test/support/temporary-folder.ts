import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";

const folder = mkdtempSync(join(tmpdir(), "goodput-data-"));
let number = 0;

afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file under a new name that ends with the suffix; returns its path. */
export function writeFile(suffix: string, content: string | Uint8Array): string {
  number += 1;
  const path = join(folder, `file-${number}${suffix}`);
  writeFileSync(path, content);
  return path;
}

/** The folder itself. */
export const temporaryFolder: string = folder;
