// Locks the folder at the given path, says so, and holds it until the standard input ends.
import { lockFolder } from "../lock.ts";

const lock = await lockFolder(process.argv[2] ?? "");
process.stdout.write("locked\n");
process.stdin.resume();
await new Promise((resolve) => process.stdin.on("end", resolve));
if (process.argv[3] !== "exit-without-release") await lock.release();
process.exit(0);
