/** Where a part of a grammar can end in a text, when it begins at one of some places. */
type Part = (text: string, begins: ReadonlySet<number>) => ReadonlySet<number>;

function literal(expected: string): Part {
  return (text, begins) =>
    new Set([...begins].filter((at) => text.startsWith(expected, at)).map((at) => at + expected.length));
}

function character(of: RegExp): Part {
  return (text, begins) =>
    new Set([...begins].filter((at) => at < text.length && of.test(text.charAt(at))).map((at) => at + 1));
}

function repeat(part: Part, least: number, most: number): Part {
  return (text, begins) => {
    let ends = begins;
    const all = new Set<number>(least === 0 ? begins : []);
    for (let count = 1; count <= most && ends.size > 0; count += 1) {
      ends = new Set([...part(text, ends)].filter((end) => !all.has(end)));
      if (count >= least) for (const end of ends) all.add(end);
    }
    return all;
  };
}

/** A grammar in GBNF, as far as ours go: whether it accepts the whole of a text. An independent reading of its source. */
export function grammarAccepts(source: string): (text: string) => boolean {
  const bodies = new Map(
    source.split("\n").map((line) => {
      const at = line.indexOf(" ::= ");
      return [line.slice(0, at), line.slice(at + 5)] as const;
    }),
  );
  const parts = new Map<string, Part>();
  const rule =
    (name: string): Part =>
    (text, begins) => {
      if (begins.size === 0) return begins;
      const body = bodies.get(name);
      if (body === undefined) throw new Error(`there is no rule ${name}`);
      const part = parts.get(name) ?? parse(body);
      parts.set(name, part);
      return part(text, begins);
    };

  function parse(body: string): Part {
    let at = 0;
    const take = (expression: RegExp): string | undefined => {
      expression.lastIndex = at;
      const taken = expression.exec(body)?.[0];
      if (taken !== undefined) at += taken.length;
      return taken;
    };
    const choice = (): Part => {
      const options = [sequence()];
      while (take(/ *\| */y) !== undefined) options.push(sequence());
      return (text, begins) => new Set(options.flatMap((option) => [...option(text, begins)]));
    };
    const sequence = (): Part => {
      const parts: Part[] = [];
      for (let part = atom(); part !== undefined; part = atom()) parts.push(counted(part));
      return (text, begins) => parts.reduce((ends, part) => part(text, ends), begins);
    };
    const atom = (): Part | undefined => {
      take(/ +/y);
      const text = take(/"(?:[^"\\]|\\.)*"/y);
      if (text !== undefined) return literal(JSON.parse(text));
      const set = take(/\[(?:[^\]\\]|\\.)*\]/y);
      if (set !== undefined) return character(new RegExp(`^${set}$`, "s"));
      if (take(/\(/y) !== undefined) return group();
      const name = take(/[a-z]\w*/y);
      return name === undefined ? undefined : rule(name);
    };
    const group = (): Part => {
      const inside = choice();
      if (take(/ *\)/y) === undefined) throw new Error(`a group is open in ${body}`);
      return inside;
    };
    const counted = (part: Part): Part => {
      const sign = take(/[*?]|\{\d+,\d+\}/y);
      if (sign === undefined) return part;
      if (sign === "*") return repeat(part, 0, Number.POSITIVE_INFINITY);
      if (sign === "?") return repeat(part, 0, 1);
      const [least = 0, most = 0] = sign.slice(1, -1).split(",").map(Number);
      return repeat(part, least, most);
    };
    const whole = choice();
    if (at < body.length) throw new Error(`"${body.slice(at)}" was not read`);
    return whole;
  }

  return (text) => rule("root")(text, new Set([0])).has(text.length);
}
