#!/usr/bin/env node
import { runApp } from "./app.ts";
import { processHost } from "./terminal/host.ts";

process.exitCode = await runApp(process.argv.slice(2), processHost());
