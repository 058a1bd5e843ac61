import "./register.js";

export { assertWritable, resolveOutputPath, writeAtomically } from "./atomic-file.js";
export { OUTPUT_ERRORS, OutputError, type OutputErrorCode } from "./errors.js";
export { Output, type OutputContext } from "./output.js";
export { outputs } from "./outputs.js";
export { printable } from "./printable.js";
export { createProgressDisplay, type ProgressDisplay, type ProgressStream } from "./progress/progress-display.js";
