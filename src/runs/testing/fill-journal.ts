// Appends lines to the journal at the given path until the system refuses one; prints how many were appended
// and the refusal.
import { openJournal } from "../journal.ts";

const path = process.argv[2] ?? "";
const journal = await openJournal(path, { sync: true });
let appended = 0;
try {
  for (let index = 0; index < 1000; index += 3) {
    const lines = [index, index + 1, index + 2].map((place) => ({ index: place, text: "x".repeat(400) }));
    await Promise.all(lines.map((line) => journal.append(line)));
    appended += lines.length;
  }
} catch (error) {
  process.stdout.write(JSON.stringify({ appended, problem: String(error) }));
}
await journal.close();
