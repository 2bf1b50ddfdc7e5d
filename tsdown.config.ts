import { defineConfig } from "tsdown";

const shared = { format: "esm", platform: "node", target: "node20", outDir: "dist", fixedExtension: false } as const;

export default defineConfig([
  {
    ...shared,
    entry: {
      index: "src/index.ts",
      core: "src/core.ts",
      cli: "src/cli/main.ts",
      worker: "src/lab/worker.ts",
      golden: "src/golden.ts",
    },
    clean: true,
    dts: false,
  },
]);
