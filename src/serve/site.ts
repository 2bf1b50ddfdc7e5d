/** The built pages as answers to requests. Knows no other files than those that were there when it was made. */
import { createReadStream, readdirSync, statSync } from "node:fs";
import type { RequestListener } from "node:http";
import { extname, join, sep } from "node:path";
import { UserError } from "../util/errors.ts";
import { HEADERS } from "./headers.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

interface SiteFile {
  path: string;
  bytes: number;
  type: string;
}

/** All files of a folder by their addresses. */
function filesOf(folder: string): Map<string, SiteFile> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(
    names.flatMap((name) => {
      const path = join(folder, name);
      const stats = statSync(path);
      if (!stats.isFile()) return [];
      const type = TYPES[extname(name)] ?? "application/octet-stream";
      return [[`/${name.split(sep).join("/")}`, { path, bytes: stats.size, type }]];
    }),
  );
}

/**
 * Serves a folder.
 * @param isolated whether pages may have threads, for which they give up embedding what others serve
 * @param policy false for pages that are not ours, to be measured beside them
 * @throws UserError when there is no site in the folder
 */
export function site(folder: string, { isolated = true, policy = true } = {}): RequestListener {
  const files = statSync(folder, { throwIfNoEntry: false }) ? filesOf(folder) : new Map<string, SiteFile>();
  if (!files.has("/index.html"))
    throw new UserError(
      "the pages are not built",
      folder,
      "npm run build:web builds them; a released losslab has them",
    );
  const { "cross-origin-opener-policy": _, "cross-origin-embedder-policy": __, ...others } = HEADERS;
  const allowed: Record<string, string> = { ...(isolated ? HEADERS : others) };
  if (!policy) delete allowed["content-security-policy"];
  const headers = allowed;
  return ({ method, url = "/" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    if (method !== "GET" && method !== "HEAD") {
      response.writeHead(405, { ...headers, allow: "GET, HEAD" }).end();
      return;
    }
    const file = files.get(pathname === "/" ? "/index.html" : pathname);
    const missing = (): void => {
      response.writeHead(404, { ...headers, "content-type": "text/plain; charset=utf-8" }).end("not found\n");
    };
    if (!file) return missing();
    // Assets have their contents' hash in their names.
    const lasting = pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    const begin = (): void => {
      response.writeHead(200, {
        ...headers,
        "content-type": file.type,
        "content-length": file.bytes,
        "cache-control": lasting,
      });
    };
    if (method === "HEAD") {
      begin();
      response.end();
      return;
    }
    const contents = createReadStream(file.path);
    contents.on("open", () => {
      begin();
      contents.pipe(response);
    });
    // Built anew since: the file is gone.
    contents.on("error", () => (response.headersSent ? response.destroy() : missing()));
  };
}
