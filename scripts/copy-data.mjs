// Puts the shipped data and the version beside the sources that benchmarks and parity are compiled to, where they look for it.
import { cpSync } from "node:fs";

cpSync(new URL("../data", import.meta.url), new URL("../build/data", import.meta.url), { recursive: true });
cpSync(new URL("../package.json", import.meta.url), new URL("../build/package.json", import.meta.url));
