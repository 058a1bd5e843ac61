import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunConfig } from "@core/benchmark";
import { afterAll, describe, expect, test } from "@jest/globals";
import { calibrationPath, readCalibration, writeCalibration } from "./calibration-file.js";
import type { Calibration } from "./calibration-record.js";
import { pastCalibration } from "./planned-load.js";

const folder = mkdtempSync(join(tmpdir(), "calibration-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOST = { cpu_model: "Some processor", cpu_count: 4 };
const GOOD: Calibration = {
  ...HOST,
  measured_at: "2026-03-04T05:06:07.000Z",
  goodput_version: "1.2.3",
  node_version: "24.0.0",
  workers: 2,
  streams: { ceiling: 512, limited_by: null, output_tokens_per_second: 25000 },
  rate: { ceiling: 800, limited_by: "The mean gap came out as 9.0 ms in place of 5 ms." },
};

const inFolder = (name: string) => ({ XDG_CACHE_HOME: join(folder, name) });

describe("the calibration file", () => {
  test("lies in the cache folder of the user", () => {
    expect(calibrationPath({ XDG_CACHE_HOME: "/a" })).toBe(join("/a", "goodput", "calibration.json"));
    expect(calibrationPath({ HOME: "/h", XDG_CACHE_HOME: "" })).toBe(
      join("/h", ".cache", "goodput", "calibration.json"),
    );
  });

  test("gives back what was kept, for this host alone", () => {
    const environment = inFolder("kept");
    expect(readCalibration(environment, HOST)).toBeNull();
    writeCalibration(environment, GOOD);
    const pinned = { ...GOOD, cpu_count: 1, workers: 1 };
    writeCalibration(environment, pinned);
    expect(readCalibration(environment, HOST)).toEqual(GOOD);
    expect(readCalibration(environment, { ...HOST, cpu_count: 1 })).toEqual(pinned);
    expect(readCalibration(environment, { ...HOST, cpu_model: "Another" })).toBeNull();
  });

  test("keeps the latest of each host", () => {
    const environment = inFolder("latest");
    writeCalibration(environment, GOOD);
    const path = writeCalibration(environment, { ...GOOD, workers: 3 });
    expect(JSON.parse(readFileSync(path, "utf8")).entries).toEqual([{ ...GOOD, workers: 3 }]);
  });

  test.each(["", "{", "[]", '{"version":2,"entries":[]}', '{"version":1,"entries":[{}]}'])(
    "that holds %j is as if there were none",
    (text) => {
      const environment = inFolder("broken");
      writeFileSync(writeCalibration(environment, GOOD), text);
      expect(readCalibration(environment, HOST)).toBeNull();
    },
  );
});

describe("a run that plans past it", () => {
  const past = (profile: object) => pastCalibration({ spec: { profile } } as RunConfig, GOOD);

  test.each([
    [{ kind: "concurrent", streams: [8, 513] }, "513 streams are planned; this host was found good for 512"],
    [{ kind: "goodput", initial_streams: 4, max_streams: 1024 }, "1024 streams are planned"],
    [{ kind: "poisson", rate: [10, 801] }, "801 requests/s are planned; this host was found good for 800"],
  ])("%j is told", (profile, text) => {
    expect(past(profile)).toEqual([expect.stringContaining(text)]);
    expect(past(profile)[0]).toContain("2026-03-04");
  });

  test.each([
    { kind: "concurrent", streams: [512] },
    { kind: "constant", rate: [800], max_concurrency: 10000 },
    { kind: "knee", initial_streams: null, min_streams: 1, max_streams: 512, count: 5 },
    { kind: "synchronous" },
  ])("%j is not", (profile) => {
    expect(past(profile)).toEqual([]);
  });
});
