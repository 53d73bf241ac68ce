// Empties dist/, so that a file that was renamed or removed does not stay published.
import { rmSync } from "node:fs";

rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });
