import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Found } from './components.ts'

const run = promisify(execFile)
/** On a busy machine even this takes its time. */
const versionMsMax = 30_000

/** The first program of that name that runs and says its version. */
export async function findProgram(
  executable: string,
  versionArgs: readonly string[],
  searched: readonly string[],
): Promise<Found | undefined> {
  for await (const path of programsNamed(executable, searched)) {
    const version = await versionOf(path, versionArgs)
    if (version !== undefined) return { path, version }
  }
  return undefined
}

/** Where there are programs of that name, whether they run or not. */
export async function* programsNamed(
  executable: string,
  searched: readonly string[],
): AsyncGenerator<string> {
  for (const folder of new Set(searched)) {
    if (folder === '') continue
    const path = join(folder, executable)
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) yield path
  }
}

/** The version in what a program prints about itself. Undefined: it does not run. */
export async function versionOf(
  path: string,
  versionArgs: readonly string[],
): Promise<string | undefined> {
  const printed = await run(path, [...versionArgs], { timeout: versionMsMax }).then(
    ({ stdout, stderr }) => `${stdout}\n${stderr}`,
    () => undefined,
  )
  return printed === undefined ? undefined : parseVersion(printed)
}

/** The first thing that looks like a version: `1.2`, `1.2.3` and what hangs on it. */
export function parseVersion(printed: string): string | undefined {
  return /(?<![\w.])v?(\d+\.\d+(?:\.\d+)?(?:[-+.][\w.+-]+)?)/.exec(printed)?.[1]
}
