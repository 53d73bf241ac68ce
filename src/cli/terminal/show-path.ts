import { isAbsolute, relative } from "node:path";

/** A path as short as it can be given in `directory`, ready to be pasted into a shell. */
export function showPath(path: string, directory: string): string {
  const short = relative(directory, path);
  const shown = short === "" ? "." : short.startsWith("..") || isAbsolute(short) ? path : short;
  return /^[\w./@%+=:,-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
