// Takes the lock of a folder as many times as told. While it has the lock it creates a file that must not exist,
// so that two holders at once are seen. By turns it releases the lock and leaves it behind as the lock of a
// process that is gone. With `kill` it dies while it holds the lock for the last time.
import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { AgentRefineError } from "../../errors.ts";
import { LOCK_FILE, lockFolder, ownerNow } from "../lock.ts";

const [, , folder = "", witnessFolder = "", rounds = "0", ending = ""] = process.argv;
const witness = join(witnessFolder, "witness");

/** Above the largest number that Linux and macOS give to a process. */
const NO_PROCESS = 99_999_999;

async function leaveBehind(): Promise<void> {
  const token = randomBytes(16).toString("hex");
  const path = join(witnessFolder, token);
  await writeFile(path, JSON.stringify({ ...(await ownerNow(token)), process: NO_PROCESS }));
  await rename(path, join(folder, LOCK_FILE));
}

for (let taken = 0; taken < Number(rounds); ) {
  try {
    const lock = await lockFolder(folder);
    await writeFile(witness, String(process.pid), { flag: "wx" });
    await wait(1);
    taken += 1;
    await rm(witness);
    if (taken === Number(rounds) && ending === "kill") process.kill(process.pid, "SIGKILL");
    if (taken % 4 !== 0) await leaveBehind();
    await lock.release();
  } catch (error) {
    if (!(error instanceof AgentRefineError && error.message.includes("in use"))) throw error;
    await wait(Math.random() * 3);
  }
}
process.stdout.write("done");
