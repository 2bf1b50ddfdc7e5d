/** A dashboard as a process of its own, which can be killed: `serve.ts STORE PAGES PORT` prints its address. */
import { dashboard } from "../../src/dashboard/server.ts";

const [store, pages, port] = process.argv.slice(2);
const { url } = await dashboard({
  store,
  pages,
  program: [process.execPath, new URL("../../bin/losslab.js", import.meta.url).pathname],
  port: Number(port),
  host: "127.0.0.1",
  token: null,
  readOnly: false,
  allowCode: false,
  folder: store,
});
console.log(url);
