// How a check says what it found.
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * One line of a check's answer.
 * @param {string} path - Relative to the root.
 * @param {number} line - From 1.
 * @param {string} rule
 * @param {string} message
 */
export function violation(path, line, rule, message) {
  return `${path}:${line} ${rule} ${message}`;
}

/**
 * Runs a check on this repository and ends the process, with 1 when something is violated, if `moduleUrl` is the
 * script that Node was started with.
 * @param {string} moduleUrl - `import.meta.url` of the check.
 * @param {(root: string) => string[] | Promise<string[]>} check
 */
export async function runAsScript(moduleUrl, check) {
  if (process.argv[1] === undefined || realpathSync(process.argv[1]) !== fileURLToPath(moduleUrl)) return;
  const violations = await check(fileURLToPath(new URL("../..", import.meta.url)));
  for (const line of violations) console.log(line);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
