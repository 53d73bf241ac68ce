// Takes the lock of the given folder again and again for some time. While it has the lock it creates a file that
// must not exist, so that two holders at once are seen. With `kill` it dies while it holds the lock for the last time.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { AgentRefineError } from "../../errors.ts";
import { lockFolder } from "../lock.ts";

const [, , folder = "", witnessFolder = "", rounds = "0", ending = ""] = process.argv;
const witness = join(witnessFolder, "witness");
let taken = 0;
while (taken < Number(rounds)) {
  try {
    const lock = await lockFolder(folder);
    await writeFile(witness, String(process.pid), { flag: "wx" });
    await wait(1);
    taken += 1;
    await rm(witness);
    if (taken === Number(rounds) && ending === "kill") process.kill(process.pid, "SIGKILL");
    await lock.release();
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    await wait(Math.random() * 3);
  }
}
process.stdout.write(String(taken));
