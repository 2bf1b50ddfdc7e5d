import { listen } from "../serve/listen.ts";
import { site } from "../serve/site.ts";
import { pages } from "./pages.ts";
import { paint } from "./paint.ts";

export async function labCommand(port: number): Promise<void> {
  const server = await listen(site(pages()), port);
  console.log(`${paint.bold(server.url)}  ${paint.dim("(Ctrl-C ends it)")}`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await server.close();
}
