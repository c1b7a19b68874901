import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { folder, libraries } from '@reckon/dashboard'
import { joinModules } from './join-modules.ts'
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

/** What a browser asks for besides the document: all styles, and the modules of the first page. */
const styleFile = 'style/page.css'
const codeFile = 'first.mjs'

/**
 * Reads the page's files once: TypeScript without its types, what the first page needs joined, each compressed. So
 * there is no build: what is served is what lies there.
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
  for (const [name, text] of served(texts)) {
    files.set(name, await fileOf(text, types[extname(name)] ?? ''))
  }
  const { text, contentSecurityPolicy } = indexOf(version, { style: styleFile, code: codeFile })
  return {
    version,
    files,
    contentSecurityPolicy,
    index: await fileOf(text, 'text/html; charset=utf-8'),
  }
}

/** The files that a browser asks for, by their paths. */
function served(texts: readonly (readonly [string, string])[]): [string, string][] {
  const isStyle = (name: string) => name.endsWith('.css')
  const code = new Map(texts.filter(([name]) => !isStyle(name) && !name.endsWith('.svg')))
  const joined = joinModules(code, 'main.ts', libraryPath)
  const alone = texts.filter(([name]) => !isStyle(name) && !joined.within.has(name))
  const styles = texts.filter(([name]) => isStyle(name)).map(([, text]) => text)
  return [
    [styleFile, styles.join('')],
    [codeFile, joined.text],
    ...alone.map(([name, text]): [string, string] => [
      name,
      code.has(name) ? joined.later(name, text, codeFile) : text,
    ]),
  ]
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
