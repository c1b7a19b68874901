import { readdir, realpath } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Found } from './components.ts'
import { versionOf } from './find-components.ts'

const versionArgs = ['version', '--client', '--output=json']

/**
 * Every kubectl here, newest first, one of each version: on the PATH given, and those of single versions
 * (`kubectl.1.33`) that the Google Cloud SDK keeps beside `gcloud`. A dispatcher, which runs another kubectl
 * according to the server, comes last: its version says little.
 */
export async function findKubectls(path = process.env.PATH ?? ''): Promise<Found[]> {
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
  const found = await Promise.all(
    [...paths.values()].map(async (path) => ({
      path,
      version: await versionOf(path, versionArgs),
    })),
  )
  return newestFirst(found.filter((one): one is Found => one.version !== undefined))
}

/** Sorts by version, newest first, dispatchers last, and keeps one of each version. */
export function newestFirst(found: readonly Found[]): Found[] {
  const number = ({ version }: Found) => {
    const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/).map(Number)
    const isDispatcher = version.includes('dispatcher')
    return (isDispatcher ? 0 : 1e12) + major * 1e8 + minor * 1e4 + patch
  }
  const sorted = [...found].sort((a, b) => number(b) - number(a))
  return sorted.filter((one, i) => sorted.findIndex(({ version }) => version === one.version) === i)
}
