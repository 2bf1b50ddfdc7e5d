import { expect, test } from "vitest";
import { built, inPackage } from "./package.ts";

test.each([
  ["file:///home/me/losslab/src/lab/study.ts", "file:///home/me/losslab/"],
  ["file:///home/me/losslab/src/lab/study.ts?v=1", "file:///home/me/losslab/"],
  ["file:///home/me/losslab/dist/cli.js", "file:///home/me/losslab/"],
  ["file:///usr/src/losslab/dist/cli.js", "file:///usr/src/losslab/"],
  ["file:///home/me/src/app/node_modules/losslab/dist/cli.js", "file:///home/me/src/app/node_modules/losslab/"],
])("files are found from %s", (from, root) => {
  expect(inPackage("studies/", from).href).toBe(`${root}studies/`);
  expect(built("worker.js", from).href).toBe(`${root}dist/worker.js`);
});
