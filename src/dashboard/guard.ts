/** Who may ask: requests that were made for this server, from its own pages, by those who know its token where it has one. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { hostname, networkInterfaces } from "node:os";

const COOKIE = "losslab-dashboard";
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
const EVERYWHERE = ["0.0.0.0", "::"];

export const isLoopback = (host: string): boolean => ["127.0.0.1", "localhost", "::1"].includes(host);

/** 192 random bits. */
export const newToken = (): string => randomBytes(24).toString("base64url");

const bracketed = (address: string): string => (address.includes(":") ? `[${address}]` : address);

const interfaces = () => Object.values(networkInterfaces()).flatMap((all) => all ?? []);

/** The names by which this server may be called: others were made to mean this machine by someone else. */
function namesOf(host: string): Set<string> {
  const own = EVERYWHERE.includes(host) ? [hostname(), ...interfaces().map((i) => i.address)] : [host];
  return new Set([...LOOPBACK, ...own.map((name) => bracketed(name).toLowerCase())]);
}

/** One of these names, for its address: where it listens everywhere, one that other machines know it by. */
export function nameFor(host: string): string {
  if (host === "127.0.0.1") return "localhost";
  if (!EVERYWHERE.includes(host)) return bracketed(host);
  const outside = interfaces().filter((i) => !i.internal);
  const found = outside.find((i) => i.family === "IPv4") ?? outside[0];
  return found ? bracketed(found.address) : "localhost";
}

/** Compares without telling by its time how much was right. */
function same(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** `name:port` without the port. */
const nameOf = (host: string): string => host.replace(/:\d*$/, "").toLowerCase();

export interface Verdict {
  /** 200 when the request may go on. */
  status: 200 | 401 | 403;
  reason: string;
}

export interface Guard {
  judge(request: { headers: IncomingHttpHeaders; method: string }): Verdict;
  /** The cookie that stands for a token that was right; null of a wrong one. */
  cookieFor(token: string): string | null;
}

const passed: Verdict = { status: 200, reason: "" };

/** @param token null where everybody who can reach the server may use it: on the loopback address */
export function guard(host: string, token: string | null): Guard {
  const names = namesOf(host);
  const knows = ({ authorization, cookie = "" }: IncomingHttpHeaders): boolean => {
    if (token === null) return true;
    const bearer = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
    const kept = cookie.split(/; */).find((part) => part.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1); // biome-ignore format: one line
    return [bearer, kept].some((given) => given !== undefined && same(given, token));
  };
  return {
    judge({ headers, method }) {
      const called = headers.host ?? "";
      if (!names.has(nameOf(called))) return { status: 403, reason: `this server is not called "${nameOf(called)}"` };
      const { origin } = headers;
      const foreign = origin !== undefined && origin !== `http://${called}`;
      const site = headers["sec-fetch-site"];
      const crossed = site === "cross-site" || site === "same-site";
      const opened = method === "GET" && headers["sec-fetch-mode"] === "navigate";
      if (foreign || (crossed && !opened)) return { status: 403, reason: "asked by a page of another origin" };
      if (!knows(headers)) return { status: 401, reason: "a token is needed: open the address that the dashboard printed" }; // biome-ignore format: one line
      return passed;
    },
    cookieFor: (given) =>
      token !== null && same(given, token) ? `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/` : null,
  };
}
