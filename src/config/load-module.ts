import { createJiti } from "jiti";
import { defineConfig } from "./config.ts";

/**
 * The default export of a TypeScript or JavaScript file. `import … from "agentrefine"` in it is answered by
 * this program itself, so that a config file also works where the package is not installed.
 */
export async function loadDefaultExport(file: string): Promise<unknown> {
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    moduleCache: false,
    virtualModules: { agentrefine: { defineConfig } },
  });
  return await jiti.import(file, { default: true });
}
