import { availableParallelism, cpus, release, totalmem } from "node:os";
import { VERSION } from "../version.js";

/** What a report says about the machine and the program that measured. Names no user and no host. */
export interface EnvironmentRecord {
  /** Version of the program that was installed; of this package where it is used without one. */
  readonly goodput_version: string;
  readonly node_version: string;
  /** Operating system, its release and architecture, for example `linux 6.8.0 x64`. */
  readonly platform: string;
  readonly cpu_model: string | null;
  readonly cpu_count: number;
  readonly memory_bytes: number;
}

/** Reads the environment of this process. */
export function readEnvironment(programVersion: string = VERSION): EnvironmentRecord {
  return {
    goodput_version: programVersion,
    node_version: process.versions.node,
    platform: `${process.platform} ${release()} ${process.arch}`,
    cpu_model: cpus()[0]?.model ?? null,
    cpu_count: availableParallelism(),
    memory_bytes: totalmem(),
  };
}
