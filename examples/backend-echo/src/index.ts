import "./register.js";

export { type EchoArgs, type EchoArgsInput, EchoArgsSchema } from "./args.js";
export { EchoBackend, type EchoPreparedRequest } from "./echo-backend.js";
