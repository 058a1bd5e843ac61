import { CreateBackendError } from "./errors.js";

/** How a new backend is called. */
export interface BackendNames {
  /** Name of the package, for example `@me/goodput-backend-tgi`. */
  readonly packageName: string;
  /** The kind that it registers, for example `tgi`. */
  readonly kind: string;
}

const PACKAGE_NAME = /^(@[a-z0-9-][a-z0-9._-]*\/)?[a-z0-9-][a-z0-9._-]*$/;
const KIND = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
/** Names that would make the sources wrong. */
const RESERVED = new Set(["constructor", "prototype"]);

/**
 * Names from what was given; a kind that was left out is the end of the package's name: `my-backend-tgi` gives `tgi`.
 *
 * @throws {CreateBackendError} CORE_CREATE_BACKEND_BAD_NAME.
 */
export function backendNames(packageName: string, kind: string | null): BackendNames {
  if (!PACKAGE_NAME.test(packageName) || packageName.length > 214) {
    throw badName(
      `"${packageName}" is not a name of a package`,
      "Use small letters, digits, hyphens and dots, or give --name.",
    );
  }
  const chosen = kind ?? kindFrom(packageName);
  if (!KIND.test(chosen) || RESERVED.has(chosen)) {
    throw badName(
      `"${chosen}" is not a name of a kind`,
      "Use small letters, digits and single underscores: --kind my_server.",
    );
  }
  return { packageName, kind: chosen };
}

function kindFrom(packageName: string): string {
  const name = packageName.replace(/^.*\//, "").replace(/^(.*-)?backend-/, "");
  return name.replace(/[-.]+/g, "_");
}

function badName(message: string, hint: string): CreateBackendError {
  return new CreateBackendError(`${message}.`, { code: "CORE_CREATE_BACKEND_BAD_NAME", hint });
}
