import { readdir, realpath } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Found } from './components.ts'
import { versionOf } from './find-program.ts'
import { folders } from './folders.ts'

const versionArgs = ['version', '--client', '--output=json']

/** The PATH, and after it where setup unpacks clients. */
const pathAndOurs = () => [process.env.PATH ?? '', folders.clients].join(delimiter)

/**
 * Every kubectl here, newest first, one of each minor version: on the PATH given, and those of single versions
 * (`kubectl.1.33`) that the Google Cloud SDK keeps beside `gcloud`. A dispatcher, which runs another kubectl
 * according to the server, comes last: its version says little.
 */
export async function findKubectls(path = pathAndOurs()): Promise<Found[]> {
  const found = await Promise.all((await kubectlPaths(path)).map(ask))
  return newestFirst(found.filter((one) => one !== undefined))
}

/** The kubectl to use: the one on PATH if it is no dispatcher, else the newest of a single version. */
export async function findKubectl(path = pathAndOurs()): Promise<Found | undefined> {
  const paths = await kubectlPaths(path)
  const plain = paths.filter((one) => minorIn(one) === undefined)
  const single = paths.filter((one) => minorIn(one) !== undefined)
  single.sort((a, b) => (minorIn(b) ?? 0) - (minorIn(a) ?? 0))
  let dispatcher: Found | undefined
  // One after another: each takes a moment to start, and the first is nearly always the one.
  for (const one of [...plain, ...single]) {
    const found = await ask(one)
    if (found && !isDispatcher(found)) return found
    dispatcher ??= found
  }
  return dispatcher
}

async function kubectlPaths(path: string): Promise<string[]> {
  const folders = new Set(path.split(delimiter).filter((folder) => folder !== ''))
  for (const folder of [...folders]) {
    const gcloud = await realpath(join(folder, 'gcloud')).catch(() => undefined)
    if (gcloud) folders.add(join(gcloud, '..'))
  }
  const paths = new Map<string, string>()
  for (const folder of folders) {
    const files = await readdir(folder).catch(() => [])
    for (const file of files.filter((name) => /^kubectl(\.\d+\.\d+)?$/.test(name))) {
      const real = await realpath(join(folder, file)).catch(() => undefined)
      if (real && !paths.has(real)) paths.set(real, join(folder, file))
    }
  }
  return [...paths.values()]
}

async function ask(path: string): Promise<Found | undefined> {
  const version = await versionOf(path, versionArgs)
  return version === undefined ? undefined : { path, version }
}

function minorIn(path: string): number | undefined {
  const minor = /kubectl\.\d+\.(\d+)$/.exec(path)?.[1]
  return minor === undefined ? undefined : Number(minor)
}

function isDispatcher({ version }: Found): boolean {
  return version.includes('dispatcher')
}

/** Sorts by version, newest first, dispatchers last, and keeps one of each minor version. */
export function newestFirst(found: readonly Found[]): Found[] {
  const number = (one: Found) => {
    const [major = 0, minor = 0, patch = 0] = one.version.split(/[.+-]/).map(Number)
    return (isDispatcher(one) ? 0 : 1e12) + major * 1e8 + minor * 1e4 + patch
  }
  const sorted = [...found].sort((a, b) => number(b) - number(a))
  const minor = (one: Found) => Math.trunc(number(one) / 1e4)
  return sorted.filter((one, i) => sorted.findIndex((other) => minor(other) === minor(one)) === i)
}
