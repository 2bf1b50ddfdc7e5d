import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type Dashboard, dashboard } from "../../../src/dashboard/server.ts";
import type { Kind } from "../fuzz.ts";
import { studies } from "./study.ts";

const folder = mkdtempSync(join(tmpdir(), "losslab-fuzz-http-"));
let server: Promise<Dashboard> | undefined;

/** A dashboard that starts nothing, over a store without runs. */
function open(): Promise<Dashboard> {
  const pages = join(folder, "pages");
  mkdirSync(pages, { recursive: true });
  writeFileSync(join(pages, "index.html"), "<html><head></head></html>");
  writeFileSync(join(folder, "secret.txt"), "the secret");
  const fixed = { port: 0, host: "127.0.0.1", token: null, readOnly: true, allowCode: false, requestMs: 5000 };
  return dashboard({ ...fixed, store: join(folder, "store"), pages, program: ["false"], folder });
}

/** Sends bytes as they are and gives what comes back until the server or the time ends it. */
function send(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    const timer = setTimeout(() => socket.destroy(new Error("no answer within 60 s")), 60_000);
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" || error.code === "EPIPE" ? resolve(answer) : reject(error)));
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(answer);
    });
    socket.end(bytes);
  });
} // biome-ignore format: one line each

const word = fc.oneof(
  fc.constantFrom("runs", "trials", "latest", "..", "%2e%2e", "%00", "__proto__", "constructor", "report", "export", "onnx", "csv", "curves", "start", "check", "events", "stop", "secret.txt", "//", "*", "%", "%ff"),
  fc.string({ maxLength: 8 }).map(encodeURIComponent),
); // biome-ignore format: a list of words
const path = fc.tuple(fc.constantFrom("/api/", "/", ""), fc.array(word, { maxLength: 5 }), fc.oneof(fc.constant(""), fc.array(word, { maxLength: 3 }).map((words) => `?${words.join("=")}`))).map(([root, words, query]) => `${root}${words.join("/")}${query}`); // biome-ignore format: one line
const body = fc.oneof(
  fc.constantFrom(...studies).map((yaml) => JSON.stringify({ yaml })),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '{"__proto__":{"x":1}}',
    '{"yaml":"&a [*a]"}',
    `{"yaml":${JSON.stringify("[".repeat(5000))}}`,
    "[".repeat(20_000),
  ),
);
const header = fc.tuple(fc.constantFrom("origin", "host", "cookie", "authorization", "content-type", "content-length", "transfer-encoding", "expect", "x"), fc.oneof(fc.constantFrom("application/json", "chunked", "text/plain", "-1", "99999999999", "null", "evil.example", "a".repeat(5000)), fc.string({ maxLength: 10 }))); // biome-ignore format: one line

interface Sent {
  method: string;
  path: string;
  headers: [string, string][];
  body: string;
}
const request: fc.Arbitrary<Sent> = fc.record({ method: fc.constantFrom("GET", "POST", "PUT", "HEAD", "OPTIONS", "TRACE", "__proto__"), path, headers: fc.array(header, { maxLength: 3 }), body }); // biome-ignore format: one line

/** What the dashboard is asked, over a socket: well formed, nearly so, and not at all. */
export const requests: Kind<Sent | string> = {
  name: "requests",
  few: 60,
  many: 10_000,
  inputs: fc.oneof(
    { weight: 9, arbitrary: request as fc.Arbitrary<Sent | string> },
    fc.string({ unit: "binary", maxLength: 100 }),
  ),
  async attempt(input) {
    server ??= open();
    const port = Number(new URL((await server).url).port);
    const own = { host: `localhost:${port}`, connection: "close", "content-type": "application/json" };
    const text =
      typeof input === "string"
        ? input
        : [
            `${input.method} ${input.path || "/"} HTTP/1.1`,
            ...Object.entries({ ...own, "content-length": String(Buffer.byteLength(input.body)), ...Object.fromEntries(input.headers) }).map(([name, value]) => `${name}: ${value}`),
            "",
            input.body,
          ].join("\r\n"); // biome-ignore format: one line each
    const answer = await send(port, Buffer.from(text));
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 400);
    if (status >= 500 && status !== 501) throw new Error(`answered ${answer.slice(0, 1000)}`);
    if (answer.includes("the secret")) throw new Error("gave a file that is none of its pages");
  },
  async end() {
    await (await server)?.close();
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  },
};
