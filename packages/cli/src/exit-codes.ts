/** Exit codes of the command and when each one is returned. */
export const EXIT_CODES = Object.freeze({
  ok: { code: 0, meaning: "Done; for a run: at least one request succeeded and every benchmark came to its end." },
  defect: { code: 1, meaning: "A defect of goodput itself; please report it with the text on stderr." },
  usage: { code: 2, meaning: "The command line, a configuration file or a variable is wrong; nothing was sent." },
  notStarted: { code: 3, meaning: "The run could not start: server, data, tokenizer or plugin does not work." },
  allFailed: { code: 4, meaning: "The run came to its end, but no request succeeded." },
  broken: { code: 5, meaning: "The run broke off; the report holds what had been measured." },
  notWritten: { code: 6, meaning: "Results could not be written." },
  invalid: {
    code: 7,
    meaning: "The client, not the server, made the numbers of a benchmark: its verdict is invalid (fail_on_invalid).",
  },
  objectivesMissed: {
    code: 8,
    meaning: "The run came to its end, and an objective was missed; for a search: no level meets all objectives.",
  },
  interrupted: { code: 130, meaning: "The run was interrupted by a signal; the report holds what had been measured." },
});

/** A name in {@link EXIT_CODES}. */
export type ExitName = keyof typeof EXIT_CODES;
