import type { Backend } from "./backend.js";
import { createBackend, isBackendArgs, parseBackendArgs } from "./backend-registry.js";

interface TypedArgs {
  readonly kind: "typed_probe";
  readonly target: string;
  readonly size: number;
}

interface TypedBackend extends Backend<TypedArgs> {
  readonly special: number;
}

declare module "./backend-registry.js" {
  interface BackendArgsByKind {
    typed_probe: { readonly kind: "typed_probe"; readonly target: string; readonly size?: number };
  }
  interface BackendClassByKind {
    typed_probe: TypedBackend;
  }
}

// The class of the kind, with args complete.
const special: number = createBackend({ kind: "typed_probe", target: "x" }).special;
const size: number = createBackend({ kind: "typed_probe", target: "x", size: 1 }).args.size;

// @ts-expect-error a required field is missing
createBackend({ kind: "typed_probe" });
// @ts-expect-error a field has the wrong type
createBackend({ kind: "typed_probe", target: 1 });
// @ts-expect-error no such field
createBackend({ kind: "typed_probe", target: "x", sise: 1 });
// @ts-expect-error no such kind
createBackend({ kind: "typed_prob", target: "x" });
// @ts-expect-error no kind
createBackend({ target: "x" });

// Open input: a plain backend, narrowed on request.
const open = parseBackendArgs({});
const plain: Backend = createBackend(open);
// @ts-expect-error not known before narrowing
open.target;
if (isBackendArgs(open, "typed_probe")) {
  const complete: number = open.size;
  void complete;
}
// @ts-expect-error no such kind
isBackendArgs(open, "typed_prob");

void [special, size, plain];
