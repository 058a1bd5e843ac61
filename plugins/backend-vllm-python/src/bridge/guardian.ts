import { spawn } from "node:child_process";

/**
 * Waits for a line that says that all is well. Without one, goodput has died: the engine's process then ends its group
 * itself; what is left after seven seconds is killed, or at once when that process has died too.
 */
const SCRIPT = `
read -r word && exit 0
n=0
while kill -0 "$1" 2>/dev/null && [ "$n" -lt 70 ]; do
  case "$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null)" in Z*|X*) break ;; esac # dead, but nobody asked for its end
  sleep 0.1
  n=$((n + 1))
done
kill -s KILL -- "-$1" 2>/dev/null
rm -rf -- "$2"
`;

/** A process that outlives this one, however it ends, and then ends the engine's processes. */
export interface Guardian {
  /** Sends it away: the group has ended. */
  dismiss(): void;
}

/** Starts a guardian of a process group. @param folder - Removed with the group. */
export function startGuardian(group: number, folder: string): Guardian {
  const guardian = spawn("sh", ["-c", SCRIPT, "goodput-guardian", String(group), folder], {
    detached: true, // signals to this process's group must not reach it
    stdio: ["pipe", "ignore", "ignore"],
  });
  guardian.on("error", () => {}); // without a shell there are still the engine's process and this one
  guardian.stdin.on("error", () => {});
  guardian.unref();
  return { dismiss: () => guardian.stdin.end("done\n") };
}
