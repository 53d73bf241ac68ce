import { crc32, deflateRawSync } from "node:zlib";

/** A member of a zip archive that may be as wrong as it likes. */
interface ZipMember {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Unix mode; that of a plain file when left out. */
  readonly mode?: number;
  /** What the archive claims of it, where that is not true. */
  readonly claims?: { readonly size?: number; readonly crc32?: number };
}

/** A zip archive, compressed, with nothing checked. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { path, content, mode = 0o100644, claims = {} } of members) {
    const name = Buffer.from(path);
    const bytes = Buffer.from(content);
    const body = deflateRawSync(bytes);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(0x800, 6);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(claims.crc32 ?? crc32(bytes), 14);
    local.writeUInt32LE(body.length, 18);
    local.writeUInt32LE(claims.size ?? bytes.length, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE((3 << 8) | 20, 4);
    local.copy(central, 6, 4, 30);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(local, name, body);
    centrals.push(central, name);
    offset += local.length + name.length + body.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
