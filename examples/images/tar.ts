import { packTar, type TarHeader, unpackTar } from 'modern-tar'

/** One entry of a tar archive. Paths have no leading `./` and no trailing `/`. */
export type TarEntry = {
  path: string
  kind: 'file' | 'directory' | 'symlink'
  mode: number
  uid: number
  gid: number
  /** The bytes of a file; empty for the rest. */
  data: Buffer
  /** Where a symlink points; empty for the rest. */
  target: string
}

/** What we keep; devices and pipes have no place in an image. */
const kinds: Partial<Record<NonNullable<TarHeader['type']>, TarEntry['kind']>> = {
  file: 'file',
  link: 'file',
  symlink: 'symlink',
  directory: 'directory',
}

/** The entries of a tar archive. A hard link becomes a copy of its file. */
export async function readTar(archive: Uint8Array): Promise<TarEntry[]> {
  const files = new Map<string, Buffer>()
  const entries: TarEntry[] = []
  for (const { header, data = new Uint8Array() } of await unpackTar(archive, { strict: true })) {
    const { type = 'file', name, linkname = '', mode = 0, uid = 0, gid = 0 } = header
    const kind = kinds[type]
    const path = cleanPath(name)
    if (kind === undefined || path === '') continue
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    const content = type === 'link' ? (files.get(cleanPath(linkname)) ?? bytes) : bytes
    if (kind === 'file') files.set(path, content)
    const target = kind === 'symlink' ? linkname : ''
    entries.push({ path, kind, mode: mode & 0o7777, uid, gid, data: content, target })
  }
  return entries
}

/** A tar archive of these entries, in this order, without times: the same entries give the same bytes. */
export async function writeTar(entries: Iterable<TarEntry>): Promise<Buffer> {
  const mtime = new Date(0)
  const packed = await packTar(
    [...entries].map(({ path, kind, mode, uid, gid, data, target }) => ({
      header: {
        name: kind === 'directory' ? `${path}/` : path,
        type: kind,
        ...{ size: data.length, mode, uid, gid, mtime },
        ...(target && { linkname: target }),
      },
      ...(kind === 'file' && { body: data }),
    })),
  )
  return Buffer.from(packed.buffer)
}

function cleanPath(path: string): string {
  return path
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '')
}
