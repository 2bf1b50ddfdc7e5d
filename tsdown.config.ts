import { defineConfig } from "tsdown";

const shared = { format: "esm", platform: "node", target: "node20", outDir: "dist", fixedExtension: false } as const;
const library = { index: "src/index.ts", core: "src/core.ts" };

/** `tsdown` builds the program; `TYPES=1 tsdown` the declarations of the library, which take longer. */
export default defineConfig(
  process.env.TYPES
    ? { ...shared, entry: library, clean: false, dts: { emitDtsOnly: true } }
    : {
        ...shared,
        // Hundreds of small files, which would be most of what a launch takes; bundled, they keep their notices.
        deps: { alwaysBundle: [/^@stdlib\//, "kysely"] },
        entry: {
          ...library,
          cli: "src/cli/main.ts",
          worker: "src/lab/worker.ts",
          reader: "src/dashboard/reader.ts",
          "device-probe": "src/lab/device-probe.ts",
          golden: "src/golden.ts",
        },
        clean: true,
        dts: false,
      },
);
