/** Files of this package, wherever it is installed. */

/**
 * @param path from the package's root
 * @param from `import.meta.url` of who asks: a source, which lies two folders deep, or a file of the built program, which lies in `dist`
 */
export const inPackage = (path: string, from: string): URL =>
  new URL(`${/\.ts(\?|$)/.test(from) ? "../../" : "../"}${path}`, from);

/** A file of the built program that is to run in a thread or process of its own, also where sources run, as in tests and tools. */
export const built = (file: string, from: string): URL => inPackage(`dist/${file}`, from);
