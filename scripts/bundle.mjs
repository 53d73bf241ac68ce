// What the compiler does not make: the pages' script as one file, and their style sheet beside it. It is put into
// dist/, or into the folder that is given.
import { copyFileSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = resolve(process.argv[2] ?? join(root, "dist"));

mkdirSync(join(target, "view"), { recursive: true });
copyFileSync(join(root, "src/view/style.css"), join(target, "view/style.css"));
await build({
  configFile: false,
  logLevel: "warn",
  root,
  build: {
    outDir: join(target, "view"),
    emptyOutDir: false,
    lib: {
      entry: join(root, "src/view/island/main.ts"),
      formats: ["iife"],
      name: "island",
      fileName: () => "island.js",
    },
  },
});
