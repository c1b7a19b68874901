import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { folder, libraries } from '@reckon/dashboard'
import { indexOf } from './ui-index.ts'

/** A file of the page, as browsers get it. */
export type UiFile = { type: string; plain: Buffer; gzip: Buffer }

/** The page: `index` names every other file below `version`, so that these never change. */
export type Ui = {
  version: string
  index: UiFile
  contentSecurityPolicy: string
  /** By their paths below the version. */
  files: ReadonlyMap<string, UiFile>
}

const types: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}
const unserved = /\.test\.ts$|^served\.ts$/
const compressed = promisify(gzip)

/**
 * Reads the page's files once: TypeScript without its types, each compressed. Nothing is bundled, so there is no build.
 */
export async function readUi(): Promise<Ui> {
  const names = (await readdir(folder, { recursive: true })).filter(
    (name) => types[extname(name)] !== undefined && !unserved.test(name),
  )
  const own = names.map((name): [string, URL] => [name, new URL(name, folder)])
  const others = Object.entries(libraries).map(([name, url]): [string, URL] => [
    libraryPath(name),
    new URL(url),
  ])
  const texts: [string, string][] = []
  // One after the other, so that requests have their turn in between: types are taken out by computing.
  for (const [name, url] of [...own, ...others]) texts.push([name, await textOf(url)])
  texts.sort(([a], [b]) => (a < b ? -1 : 1))
  const version = hashOf(JSON.stringify(texts)).slice(0, 16)
  const files = new Map<string, UiFile>()
  for (const [name, text] of texts) files.set(name, await fileOf(text, types[extname(name)] ?? ''))
  const imports = Object.fromEntries(
    Object.keys(libraries).map((name) => [name, `./${version}/${libraryPath(name)}`]),
  )
  const styles = [...files.keys()].filter((name) => name.endsWith('.css'))
  const modules = modulesOf('main.ts', new Map(texts))
  const { text, contentSecurityPolicy } = indexOf(version, { styles, modules }, imports)
  return {
    version,
    files,
    contentSecurityPolicy,
    index: await fileOf(text, 'text/html; charset=utf-8'),
  }
}

const ofImport = /\b(?:from|import) *['"]([^'"]+)['"]/g

/** A module with all that it imports by itself; what it imports once it is wanted is not among these. */
function modulesOf(first: string, texts: ReadonlyMap<string, string>): readonly string[] {
  const found = new Set([first])
  for (const name of found) {
    for (const [, named = ''] of (texts.get(name) ?? '').matchAll(ofImport)) {
      const path = named.startsWith('.')
        ? new URL(named, `file:///${name}`).pathname.slice(1)
        : libraryPath(named)
      if (texts.has(path)) found.add(path)
    }
  }
  return [...found].sort()
}

const libraryPath = (name: string): string => `libraries/${name.replace('/', '-')}.mjs`

async function textOf(url: URL): Promise<string> {
  const text = await readFile(url, 'utf8')
  if (url.pathname.endsWith('.ts')) return stripTypeScriptTypes(text)
  return text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
}

async function fileOf(text: string, type: string): Promise<UiFile> {
  const plain = Buffer.from(text)
  return { type, plain, gzip: await compressed(plain) }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
