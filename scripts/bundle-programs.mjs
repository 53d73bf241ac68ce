// The programs that tests start in processes of their own, each with what it loads in a few files. Arguments: the folder
// of the compiled sources, the one that it will be, the folder to put them into, and the programs' paths within the first.
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";

const [from = "", later = "", to = "", ...programs] = process.argv.slice(2);
const sources = resolve(from);

await build({
  configFile: false,
  logLevel: "error",
  root: sources,
  publicDir: false,
  // What every start loads; the rest is large, and loaded where it is.
  ssr: {
    noExternal: [
      "zod",
      "undici",
      "re2js",
      "log-update",
      "string-width",
      "@stricli/core",
      "eventsource-parser",
    ],
  },
  plugins: [
    {
      // Data, threads and the version are looked for from where a module was.
      name: "places",
      transform: (code, id) =>
        id.startsWith(sources)
          ? code.replaceAll(
              "import.meta.url",
              JSON.stringify(pathToFileURL(join(later, relative(sources, id))).href),
            )
          : undefined,
    },
  ],
  build: {
    ssr: true,
    outDir: resolve(to),
    target: "node20",
    rolldownOptions: {
      input: Object.fromEntries(programs.map((program) => [program, join(sources, `${program}.js`)])),
      output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
    },
  },
});
