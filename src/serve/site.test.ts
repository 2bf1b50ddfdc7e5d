import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../util/errors.ts";
import { type Listening, listen } from "./listen.ts";
import { site } from "./site.ts";

const folder = mkdtempSync(join(tmpdir(), "losslab-site-"));
let server: Listening;
beforeAll(async () => {
  mkdirSync(join(folder, "site", "assets"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "site", "index.html"), "<p>page</p>");
  writeFileSync(join(folder, "site", "assets", "a.wasm"), "wasm");
  server = await listen(site(join(folder, "site")), 0);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** A request as it is typed: `fetch` would mend paths and set its own host. */
const ask = (path: string, { host = "localhost", method = "GET" } = {}) =>
  new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port: new URL(server.url).port, path, method, headers: { host } }, (r) => {
      let text = "";
      r.on("data", (chunk) => {
        text += chunk;
      });
      r.on("end", () => resolve({ status: r.statusCode!, text, headers: r.headers }));
    });
    request.on("error", reject).end();
  });

describe("the server of the pages", () => {
  it("serves the pages and their assets with their types", async () => {
    const page = await ask("/");
    expect(page).toMatchObject({ status: 200, text: "<p>page</p>" });
    expect(page.headers["content-type"]).toContain("text/html");
    const asset = await ask("/assets/a.wasm?v=1");
    expect(asset).toMatchObject({ status: 200, text: "wasm" });
    expect(asset.headers).toMatchObject({ "content-type": "application/wasm", "content-length": "4" });
    expect(await ask("/", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
  });

  it("isolates them from other origins, and lets no text become code", async () => {
    const { headers } = await ask("/");
    expect(headers).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    expect(headers["content-security-policy"]).not.toMatch(/'unsafe-(eval|inline)'|https?:/);
  });

  it.each(["/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/nowhere", "/assets", "//etc/passwd"])(
    "serves nothing else: %s",
    async (path) => {
      expect(await ask(path)).toMatchObject({ status: 404, text: "not found\n" });
    },
  );

  it("goes on when the pages are built anew", async () => {
    writeFileSync(join(folder, "site", "assets", "b.js"), "b");
    const own = await listen(site(join(folder, "site")), 0);
    rmSync(join(folder, "site", "assets", "b.js"));
    for (const path of ["assets/b.js", "assets/a.wasm"]) {
      const { status } = await fetch(own.url + path);
      expect([path, status]).toEqual([path, path.endsWith(".js") ? 404 : 200]);
    }
    await own.close();
  });

  it("answers to this machine's names alone, and to readers alone", async () => {
    expect((await ask("/", { host: "example.org" })).status).toBe(403);
    expect((await ask("/", { host: "127.0.0.1:80" })).status).toBe(200);
    expect((await ask("/", { method: "POST" })).status).toBe(405);
  });

  it("says so where there are no pages, or no such port to have", async () => {
    expect(() => site(join(folder, "none"))).toThrow(UserError);
    await expect(listen(site(join(folder, "site")), Number(new URL(server.url).port))).rejects.toThrow(/cannot be had/);
  });
});
