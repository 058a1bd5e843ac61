import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CoreError } from "@core/registry";
import { backendNames } from "./backend-names.js";
import { createBackendPackage } from "./create-package.js";
import { CreateBackendError } from "./errors.js";

/** Where a command runs, and where it writes. */
export interface CommandIo {
  readonly workingDirectory: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

const USAGE = `Usage: npm create @core/backend FOLDER [-- OPTIONS]

Makes the package of a goodput backend in FOLDER. It answers with the words of the prompt and passes the contract tests.

  --name NAME   name of the package; by default that of the folder
  --kind KIND   kind that it registers; by default the end of the name: my-backend-tgi gives tgi
  --help        this text
`;

/** Runs the command. @returns Its exit code: 0, or 2 for what cannot be done as it was asked. */
export function runCommand(words: readonly string[], io: CommandIo): number {
  try {
    const { values, positionals } = read(words);
    if (values.help === true) {
      io.stdout(USAGE);
      return 0;
    }
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0)
      throw usage(folder === undefined ? "A folder is needed" : "One folder is enough");
    const path = resolve(io.workingDirectory, folder);
    const names = backendNames(values.name ?? basename(path), values.kind ?? null);
    const files = createBackendPackage(path, names);
    io.stdout(
      `${names.packageName} with the kind ${names.kind}, ${files.length} files in ${folder}. Next:\n\n` +
        `  cd ${folder}\n  npm install\n  npm test\n\nThen make src/${names.kind.replaceAll("_", "-")}-backend.ts talk to your server.\n`,
    );
    return 0;
  } catch (error) {
    if (!CoreError.isInstance(error)) throw error;
    io.stderr(`Error: ${error.message}\n${error.hint === undefined ? "" : `${error.hint}\n`}(${error.code})\n`);
    return 2;
  }
}

function read(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { name: { type: "string" }, kind: { type: "string" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function usage(problem: string): CreateBackendError {
  const hint = "npm create @core/backend my-backend -- --kind my_server";
  return new CreateBackendError(`${problem.replace(/\.$/, "")}.`, { code: "CORE_CREATE_BACKEND_USAGE", hint });
}
