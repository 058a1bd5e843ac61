export { type BackendNames, backendNames } from "./backend-names.js";
export { createBackendPackage } from "./create-package.js";
export { CREATE_BACKEND_ERRORS, CreateBackendError, type CreateBackendErrorCode } from "./errors.js";
export { type PackageFiles, renderTemplate } from "./render-template.js";
