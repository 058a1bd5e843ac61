import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { cacheFolder } from "../cache-folder.js";
import type { CommandContext } from "../command.js";
import { type Calibration, CalibrationFileSchema, type HostFacts, isOf } from "./calibration-record.js";

type Environment = CommandContext["environment"];

/** Where calibrations are kept. */
export function calibrationPath(environment: Environment): string {
  return join(cacheFolder(environment), "calibration.json");
}

/** The calibration of a host; null when there is none, or none that this version can read. */
export function readCalibration(environment: Environment, host: HostFacts): Calibration | null {
  return readAll(calibrationPath(environment)).find((entry) => isOf(entry, host)) ?? null;
}

/** Keeps a calibration in place of the earlier one of the same host. @returns Where. */
export function writeCalibration(environment: Environment, calibration: Calibration): string {
  const path = calibrationPath(environment);
  const others = readAll(path).filter((entry) => !isOf(entry, calibration));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify({ version: 1, entries: [...others, calibration] }, null, 2)}\n`);
  renameSync(`${path}.new`, path);
  return path;
}

function readAll(path: string): readonly Calibration[] {
  try {
    return v.parse(CalibrationFileSchema, JSON.parse(readFileSync(path, "utf8"))).entries;
  } catch {
    return []; // a cache: what is not there or not understood is measured again
  }
}
