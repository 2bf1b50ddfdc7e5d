import { fileURLToPath } from "node:url";

/** The built pages lie beside the program. */
export const pages = (): string => {
  const here = import.meta.url;
  return fileURLToPath(new URL(here.includes("/src/") ? "../../web/dist/" : "../web/dist/", here));
};
