import { runCommand } from "./run-command.js";

process.exitCode = runCommand(process.argv.slice(2), {
  workingDirectory: process.cwd(),
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
});
