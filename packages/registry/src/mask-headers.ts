import { SECRET_MASK } from "./secret.js";

const CREDENTIAL =
  /authori[sz]ation|cookie|password|passwd|secret|credential|(^|[-_])(auth|token|key|apikey|jwt|session|signature)([-_]|$)/i;

/** Tells whether a header name looks like it carries a credential; in doubt yes (`idempotency-key`), as masking is harmless. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL.test(name);
}

/** Copy of headers with the values of credential-looking names masked. */
export function maskHeaders(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isCredentialHeader(name) ? SECRET_MASK : value]),
  );
}
