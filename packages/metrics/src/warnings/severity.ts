/** What a finding means for the numbers: nothing, that they are doubtful, or that they are not those of the server. */
export const SEVERITIES = ["info", "suspect", "invalid"] as const;

/** One of {@link SEVERITIES}. */
export type Severity = (typeof SEVERITIES)[number];

/** The worst of several; info of none. */
export function worstSeverity(severities: readonly Severity[]): Severity {
  return SEVERITIES.findLast((severity) => severities.includes(severity)) ?? "info";
}
