import { defineConfig } from "vitest/config";
import type { Reporter } from "vitest/node";

/** Ends the output with one plain line of counts, for whoever reads it by machine. */
const closingLine: Reporter = {
  onTestRunEnd(modules) {
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== "pending") count[state]++;
        if (state === "skipped") console.log(`skipped: ${test.fullName}`);
      }
      if (module.errors().length > 0) count.failed++;
    }
    console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  },
};

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "web/src/**/*.test.ts"],
    globalSetup: "test/postgres/setup.ts",
    reporters: ["default", closingLine],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes when the other work on the machine lets it.
    expect: { poll: { timeout: 30_000 } },
    // The machine's cores are for the trainings within the tests, too.
    maxWorkers: 2,
  },
});
