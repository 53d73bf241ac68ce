const NAMES: ReadonlyMap<string, string> = new Map([
  ["m", "malformed"],
  ["x", "not understood"],
  ["r", "repeated"],
  ["i", "irregular"],
]);

const MOST = 60;

/** The turns of an episode in small; what was wrong with each stands out by colour and height. */
export function TurnStrip({ marks }: { readonly marks: string }) {
  if (marks === "") return null;
  const said = [...NAMES].flatMap(([mark, name]) => {
    const count = marks.split(mark).length - 1;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  const words = [`${marks.length} turns`, ...said].join(", ");
  return (
    <span class="strip" role="img" aria-label={words} title={words}>
      {[...marks.slice(0, MOST)].map((mark) => (
        <i class={NAMES.get(mark)?.replaceAll(" ", "-")} />
      ))}
      {marks.length > MOST ? "…" : ""}
    </span>
  );
}
