/**
 * Keys that tests give to backends, headers and servers. Nothing that a test prints may hold one: neither its title, nor a
 * message, nor what a command writes. A test that brings a key of its own adds it here.
 */
export const TEST_SECRETS = [
  "hunter2",
  "hunter3",
  "sk-very-secret",
  "sk-key-123456",
  "sk-hidden",
  "sk-do-not-show",
  "sk-contract-1",
  "token-contract-2",
  "sk-one-123456",
  "header-two-123456",
  "cookie-three-123456",
];

/** Those that occur in one of the texts. */
export function secretsIn(texts) {
  return TEST_SECRETS.filter((secret) => texts.some((text) => text.includes(secret)));
}
