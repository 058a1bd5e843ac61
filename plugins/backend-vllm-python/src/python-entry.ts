import { fileURLToPath } from "node:url";

/** The program of the child process. Named here because source and bundle are both one level below the package. */
export const PYTHON_ENTRY = fileURLToPath(new URL("../python/main.py", import.meta.url));
