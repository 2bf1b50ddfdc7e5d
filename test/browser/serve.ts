/** A dashboard as a process of its own, which can be killed: `serve.ts STORE PAGES PORT` prints its address. */
import { dashboard } from "../../src/dashboard/server.ts";
import { dashboardOf } from "../program.ts";

const [store, pages, port] = process.argv.slice(2);
const { url } = await dashboard({ ...dashboardOf(store, pages, store), port: Number(port) });
console.log(url);
