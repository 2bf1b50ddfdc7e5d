/**
 * A file of the built program that is to run in a thread or process of its own.
 * @param from `import.meta.url` of who asks. Sources are run by tests and tools, but a thread needs what was built from them.
 */
export const built = (file: string, from: string): URL =>
  new URL(from.includes("/src/") ? `../../dist/${file}` : `./${file}`, from);
