import { SECRET_MASK } from "./secret.js";

const CREDENTIAL = /authorization|cookie|api[-_]?key|token|secret|password|credential|x-goog-iam/i;

/** Tells whether a header name looks like it carries a credential. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL.test(name);
}

/** Copy of headers with the values of credential-looking names masked. */
export function maskHeaders(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isCredentialHeader(name) ? SECRET_MASK : value]),
  );
}
