/** What a refused request is told, in the shape of OpenAI's errors. */
export interface RefusalDetails {
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | number | null;
}

/** A request that is answered with an error. */
export class RequestRefusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #details: RefusalDetails;

  constructor(
    status: number,
    message: string,
    details: RefusalDetails & { readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = "RequestRefusal";
    this.status = status;
    this.headers = details.headers ?? {};
    this.#details = details;
  }

  /** The reply's body. */
  toJSON(): unknown {
    const { type = "invalid_request_error", param = null, code = null } = this.#details;
    return { error: { message: this.message, type, param, code } };
  }
}
