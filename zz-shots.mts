import { chromium } from "playwright-core";
import { dashboard } from "./src/dashboard/server.ts";
const [store, out, ...pages] = process.argv.slice(2);
const d = await dashboard({ store, pages: "web/dist", program: [process.execPath, "/tmp/wt/dash/bin/losslab.js"], port: 0, host: "127.0.0.1", token: null, readOnly: false, allowCode: false, folder: "/tmp/dash-try" });
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
for (const [i, spec] of pages.entries()) {
  const [hash, scheme = "light", width = "1280", click = ""] = spec.split("|");
  const p = await b.newPage({ colorScheme: scheme as "light", viewport: { width: Number(width), height: 900 } });
  p.on("console", (m) => ["error", "warning"].includes(m.type()) && console.log("CONSOLE", m.text().slice(0, 300)));
  p.on("pageerror", (e) => console.log("PAGEERROR", String(e).slice(0, 300)));
  const t = Date.now();
  await p.goto(d.url + hash);
  if (hash.includes("run?")) await p.waitForSelector(".chart svg", { timeout: 60000 }).catch(() => console.log("no chart"));
  console.log(hash, "opened", Date.now() - t);
  await p.waitForTimeout(6000);
  if (click) { await p.click(click); await p.waitForTimeout(15000); }
  await p.screenshot({ path: `${out}-${i}.png`, fullPage: true });
  const over = await p.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) console.log("OVERFLOW", over);
  await p.close();
}
await b.close(); await d.close(); process.exit(0);
