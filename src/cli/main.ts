#!/usr/bin/env node
import { runApp } from "./app.ts";
import { processWorld } from "./process-world.ts";

process.exitCode = await runApp(process.argv.slice(2), processWorld());
