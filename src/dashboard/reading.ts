/** The dashboard's side of the process that reads the store. */
import { type ChildProcess, fork } from "node:child_process";
import { environmentWith } from "../store/place.ts";
import { UserError } from "../util/errors.ts";
import { built } from "../util/package.ts";
import { type Remote, remoteOn } from "../util/rpc.ts";
import type { Reads } from "./reader.ts";

export interface Reading {
  /** The process, which is started where there is none: at first, and where it has ended. @throws UserError once this is closed */
  reader(): Remote<Reads>;
  /** Its number; null where there is none. */
  pid(): number | null;
  close(): void;
}

const over = (): UserError => new UserError("the dashboard has ended");

export function reading(store: string): Reading {
  let closed = false;
  let current: { child: ChildProcess; remote: Remote<Reads> } | null = null;

  function start(): NonNullable<typeof current> {
    const child = fork(built("reader.js", import.meta.url), {
      execArgv: [], // flags of the calling process, such as those of `node -e`, are not its
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: environmentWith(store),
    });
    const { remote, fail } = remoteOn<Reads>({
      send: (message) => child.send(message as object, (error) => error && gone(error)),
      listen: (heard) => child.on("message", heard),
    });
    const gone = (why: Error): void => {
      if (current?.child === child) current = null;
      fail(closed ? over() : why);
    };
    child.on("error", gone);
    child.on("exit", (code, signal) => gone(new Error(`the process that reads the store ended (${signal ?? code})`)));
    child.unref();
    child.channel?.unref();
    return { child, remote };
  }

  return {
    reader() {
      if (closed) throw over();
      current ??= start();
      return current.remote;
    },
    pid: () => current?.child.pid ?? null,
    close() {
      closed = true;
      current?.child.kill("SIGKILL"); // it only reads
      current = null;
    },
  };
}
