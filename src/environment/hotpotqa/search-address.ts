/** What may stand in the query of an address as it is (RFC 3986). */
const QUERY = /[A-Za-z0-9._~!$&'()*+,;=:@/?-]/;
const ESCAPED = /%[0-9a-fA-F]{2}/g;

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/**
 * A query as the library requests sends it: percent signs are kept if each of them begins an escape, else all of them
 * are escaped as what is not allowed is; escapes of letters and digits are taken away; from `#` on nothing is sent.
 */
function sentQuery(query: string): string {
  const [sent = ""] = query.split("#");
  const escapes = sent.match(ESCAPED)?.length ?? 0;
  const isEscaped = escapes === sent.split("%").length - 1;
  const bytes = Buffer.from(
    sent.replace(ESCAPED, (code) => code.toUpperCase()),
    "utf8",
  );
  const encoded = [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return QUERY.test(character) || (isEscaped && character === "%") ? character : percent(byte);
    })
    .join("");
  return encoded.replace(ESCAPED, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : code;
  });
}

/** The address that the original asks for a title: its words joined by `+`, and nothing else of it escaped. */
export function rawSearchAddress(title: string): string {
  return `/w/index.php?search=${sentQuery(title.replaceAll(" ", "+"))}`;
}

/** The address that searches for a title, whatever it is made of. */
export function escapedSearchAddress(title: string): string {
  return `/w/index.php?search=${encodeURIComponent(title.toWellFormed()).replaceAll("%20", "+")}`;
}
