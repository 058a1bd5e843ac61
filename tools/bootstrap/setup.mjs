// npm run setup: install and build.
import { installAndBuild } from "./install-and-build.mjs";

await installAndBuild();
console.log("Ready: npm run goodput -- --help, or node_modules/.bin/goodput --help");
