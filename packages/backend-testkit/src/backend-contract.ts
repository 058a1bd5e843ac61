import { CANCEL_CASES } from "./cases/cancel-cases.js";
import { CUT_INSTANT_CASES } from "./cases/cut-instant-cases.js";
import { FAILURE_CASES } from "./cases/failure-cases.js";
import { LIFECYCLE_CASES } from "./cases/lifecycle-cases.js";
import { PREPARE_CASES } from "./cases/prepare-cases.js";
import { REGISTRATION_CASES } from "./cases/registration-cases.js";
import { RESOLVE_CASES } from "./cases/resolve-cases.js";
import { SECRET_CASES } from "./cases/secret-cases.js";
import { VALIDATE_CASES } from "./cases/validate-cases.js";
import { WORKER_CASES } from "./cases/worker-cases.js";
import type { BackendContractCase } from "./contract-case.js";

/** All cases, in the order of a backend's life. */
export const BACKEND_CONTRACT: readonly BackendContractCase[] = Object.freeze([
  ...REGISTRATION_CASES,
  ...SECRET_CASES,
  ...LIFECYCLE_CASES,
  ...VALIDATE_CASES,
  ...PREPARE_CASES,
  ...RESOLVE_CASES,
  ...FAILURE_CASES,
  ...CANCEL_CASES,
  ...CUT_INSTANT_CASES,
  ...WORKER_CASES,
]);
