import { expect, test } from "@jest/globals";
import { pictureSize } from "./picture-size.js";

const args = { width: null, height: null, resolution: null, aspect_ratio: null };

test.each([
  [
    { resolution: "720p", aspect_ratio: "4:3" },
    { width: 960, height: 720 },
  ],
  [
    { width: 100, aspect_ratio: "16:9" },
    { width: 100, height: 56 },
  ],
  [
    { height: 90, aspect_ratio: "16/9" },
    { width: 160, height: 90 },
  ],
  [
    { width: 641, height: 361 },
    { width: 640, height: 360 },
  ],
  [
    { resolution: "720p", width: 100, aspect_ratio: "4:3" },
    { width: 100, height: 720 },
  ],
  [{ resolution: "4K" }, { width: 3840, height: 2160 }],
  [{ resolution: " 240P " }, { width: 426, height: 240 }],
  [
    { resolution: "480p", height: 100 },
    { width: 854, height: 100 },
  ],
  [
    { width: 64, height: 32, aspect_ratio: "1:1" },
    { width: 64, height: 32 },
  ],
])("%j", (given, size) => {
  expect(pictureSize({ ...args, ...given })).toEqual(size);
});

test.each([
  [{}, "needs width and height, one of them with aspect_ratio, or resolution"],
  [{ width: 8 }, "needs width and height"],
  [{ aspect_ratio: "16:9" }, "needs width and height"],
  [{ resolution: "8k" }, "resolution must be one of 240p, 360p, 480p, 540p, 720p, 1080p, 1440p, 2160p, 4k"],
  [{ width: 8, aspect_ratio: "16x9" }, "aspect_ratio must be W:H or W/H"],
  [{ width: 8, aspect_ratio: "0:9" }, "aspect_ratio must be W:H or W/H"],
  [{ width: 1, height: 8 }, "is 1 x 8 pixels, and must be at least 2 x 2"],
])("%j is refused", (given, problem) => {
  expect(pictureSize({ ...args, ...given })).toContain(problem);
});
