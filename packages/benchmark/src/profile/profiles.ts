import { KindRegistry } from "@core/registry";
import type { Profile } from "./profile.js";

/** What a profile is given beside its args. */
export interface ProfileDependencies {
  /** Seed of the run; the arrivals of a Poisson step derive from it. */
  readonly seed: number;
}

/** The table of profile kinds. */
export const profiles: KindRegistry<Profile, ProfileDependencies> = new KindRegistry({
  name: "profile",
  label: "profile",
  option: "--profile",
});
