import { KindRegistry } from "@core/registry";
import type { Output } from "./output.js";

/** The table of output kinds. */
export const outputs: KindRegistry<Output> = new KindRegistry({ name: "output", label: "output", option: "--output" });
