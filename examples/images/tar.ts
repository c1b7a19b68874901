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

const blockBytes = 512

// What we keep, by tar's letter; devices and pipes have no place in an image.
const kinds: Partial<Record<string, TarEntry['kind']>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'file',
  '2': 'symlink',
  '5': 'directory',
}

/** The entries of a tar archive: ustar with GNU's and PAX' long names. A hard link becomes a copy of its file. */
export function readTar(archive: Buffer): TarEntry[] {
  const entries: TarEntry[] = []
  const files = new Map<string, TarEntry>()
  let longName: string | undefined
  let longTarget: string | undefined
  for (let at = 0; at + blockBytes <= archive.length; ) {
    const header = archive.subarray(at, at + blockBytes)
    if (header[0] === 0) break
    const size = octal(header, 124, 12)
    const data = archive.subarray(at + blockBytes, at + blockBytes + size)
    if (data.length < size) throw new Error('the tar archive ends in the middle of a file')
    at += blockBytes + Math.ceil(size / blockBytes) * blockBytes
    const type = String.fromCharCode(header[156] ?? 0)
    if (type === 'L') longName = text(data, 0, data.length)
    else if (type === 'K') longTarget = text(data, 0, data.length)
    else if (type === 'x') {
      const records = paxRecords(data)
      longName = records.get('path') ?? longName
      longTarget = records.get('linkpath') ?? longTarget
    } else if (type !== 'g') {
      const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : ''
      const name = longName ?? (prefix ? `${prefix}/${text(header, 0, 100)}` : text(header, 0, 100))
      const target = longTarget ?? text(header, 157, 100)
      longName = longTarget = undefined
      const kind = kinds[type]
      if (kind === undefined) continue
      const entry: TarEntry = {
        path: cleanPath(name),
        kind,
        mode: octal(header, 100, 8) & 0o7777,
        uid: octal(header, 108, 8),
        gid: octal(header, 116, 8),
        data: type === '1' ? (files.get(cleanPath(target))?.data ?? data) : data,
        target: type === '2' ? target : '',
      }
      if (entry.kind === 'file') files.set(entry.path, entry)
      if (entry.path !== '') entries.push(entry)
    }
  }
  return entries
}

/** A tar archive of these entries, in this order, without times: the same entries give the same bytes. */
export function writeTar(entries: Iterable<TarEntry>): Buffer {
  const blocks: Buffer[] = []
  for (const entry of entries) {
    const name = entry.kind === 'directory' ? `${entry.path}/` : entry.path
    if (Buffer.byteLength(name) > 100) blocks.push(...longField('L', name))
    if (Buffer.byteLength(entry.target) > 100) blocks.push(...longField('K', entry.target))
    const type = { file: '0', directory: '5', symlink: '2' }[entry.kind]
    blocks.push(header(name, type, entry), ...padded(entry.data))
  }
  blocks.push(Buffer.alloc(2 * blockBytes))
  return Buffer.concat(blocks)
}

function header(name: string, type: string, entry: Omit<TarEntry, 'path' | 'kind'>): Buffer {
  const block = Buffer.alloc(blockBytes)
  block.write(name.slice(0, 100), 0, 100)
  writeOctal(block, 100, 8, entry.mode)
  writeOctal(block, 108, 8, entry.uid)
  writeOctal(block, 116, 8, entry.gid)
  writeOctal(block, 124, 12, entry.data.length)
  writeOctal(block, 136, 12, 0)
  block.fill(' ', 148, 156)
  block.write(type, 156)
  block.write(entry.target.slice(0, 100), 157, 100)
  block.write('ustar  \0', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

function longField(type: 'L' | 'K', value: string): Buffer[] {
  const data = Buffer.from(`${value}\0`)
  const entry = { mode: 0, uid: 0, gid: 0, data, target: '' }
  return [header('././@LongLink', type, entry), ...padded(data)]
}

function padded(data: Buffer): Buffer[] {
  return [data, Buffer.alloc((blockBytes - (data.length % blockBytes)) % blockBytes)]
}

function paxRecords(data: Buffer): Map<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(' ', at)
    const length = Number(data.subarray(at, space).toString())
    if (space < 0 || !(length > 0)) throw new Error('the tar archive holds a broken PAX header')
    const [key = '', ...value] = data
      .subarray(space + 1, at + length - 1)
      .toString()
      .split('=')
    records.set(key, value.join('='))
    at += length
  }
  return records
}

function cleanPath(path: string): string {
  return path
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '')
}

function text(block: Buffer, at: number, length: number): string {
  const field = block.subarray(at, at + length)
  const end = field.indexOf(0)
  return field.subarray(0, end < 0 ? length : end).toString()
}

function octal(block: Buffer, at: number, length: number): number {
  return Number.parseInt(text(block, at, length).trim() || '0', 8)
}

function writeOctal(block: Buffer, at: number, length: number, value: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at)
}
