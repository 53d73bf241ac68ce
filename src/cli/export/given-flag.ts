/** The first of some flags that was given, as the user writes it: `--max-tokens`. */
export function givenFlag(flags: Readonly<Record<string, unknown>>): string | undefined {
  const name = Object.keys(flags).find((each) => flags[each] !== undefined);
  return name && `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
