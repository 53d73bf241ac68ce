// Writes a file of a megabyte to the given path; prints what goes wrong.
import { writeAtomically } from "../atomic-file.ts";

try {
  await writeAtomically(process.argv[2] ?? "", async (file) => {
    for (let line = 0; line < 1024; line += 1) await file.write("x".repeat(1024));
  });
} catch (error) {
  process.stdout.write(String(error));
}
