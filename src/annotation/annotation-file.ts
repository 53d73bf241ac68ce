import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { AgentRefineError, storageError, systemErrorCode } from "../errors.ts";
import { byteLines } from "../lines.ts";
import { syncFolder } from "../runs/atomic-file.ts";
import { runPaths } from "../runs/run-folder.ts";
import { type Annotation, annotationSchema, isWithdrawal, placeOf } from "./annotation.ts";

/** No line that is written comes near this; a foreign file must not fill the memory. */
const LONGEST_LINE = 1024 * 1024;
const NEWLINE = 0x0a;

/** Where the annotations of a run or of an evaluation are. */
export function annotationsPath(directory: string): string {
  return runPaths(directory).annotations;
}

/** Whether a file ends in the middle of a line, as a writer that was killed leaves it. */
async function endsTorn(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 && buffer[0] !== NEWLINE;
}

/**
 * Adds a line to the annotations of a run or an evaluation; on the disk when it resolves. Any number of processes may
 * add at once: each line is one write at the end of the file. A line that an earlier writer left half-written is ended,
 * never cut off, since another process may just be writing behind it.
 *
 * @throws AgentRefineError when the annotation cannot be kept as it is, or the disk refuses it
 */
export async function appendAnnotation(directory: string, annotation: Annotation): Promise<void> {
  const path = annotationsPath(directory);
  const checked = annotationSchema.safeParse(annotation);
  if (!checked.success) {
    const field = checked.error.issues[0]?.path.join(".") ?? "";
    throw new AgentRefineError(`an annotation cannot have this as its ${field}`, {
      fix: "Names and tags are one line of some words; a note has some text.",
    });
  }
  try {
    const file = await open(path, "a+");
    try {
      const text = `${(await endsTorn(file)) ? "\n" : ""}${JSON.stringify(checked.data)}\n`;
      const bytes = Buffer.from(text);
      const { bytesWritten } = await file.write(bytes);
      if (bytesWritten < bytes.length)
        throw new AgentRefineError(`cannot write ${path}: the disk took a part only`, {
          fix: "Free some space, then try again.",
        });
      await file.datasync();
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  } catch (error) {
    throw storageError(error, "write", path);
  }
}

/** A line that is no annotation of ours, and why. */
export interface SkippedLine {
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

/** What is said of a run or an evaluation now: by trajectory or episode, in the order in which it was said. */
export interface Annotations {
  readonly of: ReadonlyMap<string, readonly Annotation[]>;
  /** Lines that could not be read: damaged ones, and those of another program. */
  readonly skipped: readonly SkippedLine[];
}

/** Reads a line: words when it is no annotation. */
function readLine(text: string): Annotation | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "is not valid JSON";
  }
  const parsed = annotationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".") ?? "";
  return field === "" ? "is not an annotation" : `is not an annotation: its "${field}" is another`;
}

/** The lines of a file of annotations that are not blank, without a last one that is half-written. */
async function* readLines(path: string): AsyncGenerator<Annotation | SkippedLine, void, undefined> {
  try {
    const blocks: AsyncIterable<Buffer> = createReadStream(path);
    for await (const { number, bytes, isEnded } of byteLines(blocks, LONGEST_LINE)) {
      const text = bytes?.toString("utf8");
      if (text?.trim() === "") continue;
      const read = text === undefined ? "is too long" : readLine(text);
      if (typeof read !== "string") yield read;
      else if (isEnded) yield { line: number, problem: read };
    }
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw storageError(error, "read", path);
  }
}

/**
 * Reads what is said of a run or an evaluation: of each annotator and place the last line, without what was taken back.
 * There may be none. A half-written last line is left out; other lines that cannot be read are named.
 */
export async function readAnnotations(directory: string): Promise<Annotations> {
  const current = new Map<string, Annotation>();
  const skipped: SkippedLine[] = [];
  for await (const read of readLines(annotationsPath(directory))) {
    if ("line" in read) {
      skipped.push(read);
      continue;
    }
    const place = placeOf(read);
    current.delete(place);
    current.set(place, read);
  }
  const of = new Map<string, Annotation[]>();
  for (const annotation of current.values()) {
    if (!isWithdrawal(annotation)) of.set(annotation.id, [...(of.get(annotation.id) ?? []), annotation]);
  }
  return { of, skipped };
}

/** What a person is told of a line that was skipped. */
export function skippedWords(directory: string, { line, problem }: SkippedLine): string {
  return `${annotationsPath(directory)}: line ${line} ${problem}; it is skipped.`;
}
