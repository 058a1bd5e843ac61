#!/usr/bin/env node
const [major, minor] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 19)) {
  await import("../bundle/main.js");
} else {
  process.stderr.write(
    `Error: goodput needs Node 22.19 or newer; this is ${process.versions.node}.\nInstall a newer Node, or put one first in PATH.\n`,
  );
  process.exitCode = 2;
}
