/** The pages as a static site: `vite build -c web/vite.config.ts` writes web/dist, which any host can serve, from any path. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { colours } from "../src/report/colours.ts";
import { HEADERS, POLICY } from "../src/serve/headers.ts";

const COLOURS = "virtual:colours.css";

/** The colours of reports and pictures as CSS variables, light and dark. */
const sharedColours: Plugin = {
  name: "losslab-colours",
  resolveId: (id) => (id === COLOURS ? `\0${COLOURS}` : undefined),
  load: (id) =>
    id === `\0${COLOURS}`
      ? `:root{${colours("light")}}
@media(prefers-color-scheme:dark){:root:not([data-theme=light]){${colours("dark")}}}
:root[data-theme=dark]{${colours("dark")}}`
      : undefined,
};

/** A host that sends no headers serves the policy all the same. Not while developing: the server's reloading is inline. */
const policy: Plugin = {
  name: "losslab-policy",
  apply: "build",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
  ],
};

const { "cross-origin-opener-policy": opener, "cross-origin-embedder-policy": embedder } = HEADERS;
const isolation = { "cross-origin-opener-policy": opener, "cross-origin-embedder-policy": embedder };

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [svelte({ configFile: false }), sharedColours, policy],
  // The runtime's own scripts lie beside its WebAssembly as they are: its threads load them by address.
  resolve: {
    alias: { "csv-parse/sync": "csv-parse/browser/esm/sync" },
    conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "development|production"],
  },
  worker: { format: "es" },
  build: { outDir: "dist", emptyOutDir: true, target: "es2023", assetsInlineLimit: 0, chunkSizeWarningLimit: 1500 },
  server: { headers: isolation },
});
