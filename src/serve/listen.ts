/** A server on this machine alone. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../util/errors.ts";

export const LOOPBACK = "127.0.0.1";
const NAMES = [LOOPBACK, "localhost"];

export interface Listening {
  url: string;
  close: () => Promise<void>;
}

/**
 * Listens on the loopback address.
 * @param port 0 for any that is free
 * @throws UserError when it is taken
 */
export async function listen(handle: RequestListener, port: number): Promise<Listening> {
  const server = createServer((request, response) => {
    // A page from elsewhere whose name was made to mean this machine calls it by that name.
    const host = request.headers.host?.replace(/:\d+$/, "") ?? "";
    if (NAMES.includes(host)) handle(request, response);
    else response.writeHead(403).end("this server answers to localhost alone\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE" || error.code === "EACCES";
      reject(
        taken ? new UserError(`port ${port} cannot be had (${error.code})`, "--port", "0 takes any free one") : error,
      );
    });
    server.listen(port, LOOPBACK, resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
