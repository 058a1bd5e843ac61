import { setFlagsFromString } from "node:v8";

/**
 * Does work that is over before code of V8's last compiler (TurboFan) has paid for itself: its loops get no further than the
 * compiler before it (Maglev), whose code is nearly as fast and costs a fraction. Code that is there already is kept. The
 * flags are those of the process: its other threads get nothing new of that compiler meanwhile either.
 *
 * @param work - Ends before it returns.
 */
export function withoutLastCompiler<T>(work: () => T): T {
  if (!HAS_COMPILER_BEFORE) return work();
  setFlagsFromString("--no-opt");
  try {
    return work();
  } finally {
    setFlagsFromString("--opt");
  }
}

/** Not every build of Node has Maglev. */
const HAS_COMPILER_BEFORE = Number(Reflect.get(process.config.variables, "v8_enable_maglev")) === 1;
