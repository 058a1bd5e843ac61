import { spawn } from "node:child_process";

/**
 * Waits for the number of a process group, and for a line that says that all is well. Without that, goodput has died: the
 * engine's process then ends its group itself; what is left after seven seconds is killed, or at once when that process
 * has died too.
 */
const SCRIPT = `
read -r group
if [ -n "$group" ]; then
  read -r word && exit 0
  n=0
  while kill -0 "$group" 2>/dev/null && [ "$n" -lt 70 ]; do
    case "$(sed 's/.*) //' "/proc/$group/stat" 2>/dev/null)" in Z*|X*) break ;; esac # dead, but nobody asked for its end
    sleep 0.1
    n=$((n + 1))
  done
  kill -s KILL -- "-$group" 2>/dev/null
fi
rm -rf -- "$1"
`;

/** A process that outlives this one, however it ends, and then ends the engine's processes. */
export interface Guardian {
  /** Tells it the group whose processes it is to end. */
  guard(group: number): void;
  /** Sends it away: the group has ended. */
  dismiss(): void;
}

/**
 * Starts a guardian, before there is anything to guard: goodput may die at any instant.
 *
 * @param folder - Removed when goodput has died, after the group has ended.
 */
export function startGuardian(folder: string): Guardian {
  const guardian = spawn("sh", ["-c", SCRIPT, "goodput-guardian", folder], {
    detached: true, // signals to this process's group must not reach it
    stdio: ["pipe", "ignore", "ignore"],
  });
  guardian.on("error", () => {}); // without a shell there are still the engine's process and this one
  guardian.stdin.on("error", () => {});
  guardian.unref();
  let allIsWell = "";
  return {
    guard: (group) => {
      guardian.stdin.write(`${group}\n`);
      allIsWell = "done\n";
    },
    dismiss: () => guardian.stdin.end(allIsWell),
  };
}
