import { execFile } from 'node:child_process'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readTar, type TarEntry } from './tar.ts'

const run = promisify(execFile)

/** A package as the package lists know it: what to ask for, and the file that it arrives in. */
export type DebianPackage = { name: string; version: string; file: string; bytes: number }

// What only a package's installation scripts need, or what only an administrator would look for in a whole system.
const notInImages =
  /^(adduser|debconf|dpkg|gcc-\d+-base|init-system-helpers|iproute2|lib(acl1|audit.*|bpf\d|cap-ng0|cap2-bin|elf1|gdbm.*|md0|pam.*|perl.*|selinux1|semanage.*|sepol\d|tirpc.*|xtables12)|libjs-.*|lib.*-perl|libcap2-bin|lsb-base|media-types|passwd|perl.*|sysvinit-utils|tar|usrmerge)$/

/** Whether this machine has Debian's tools to look packages up, download and unpack them. */
export async function hasDebianTools(): Promise<boolean> {
  const tools = [
    ['apt-get', '--version'],
    ['dpkg-deb', '--version'],
  ] as const
  const found = await Promise.allSettled(tools.map(([tool, flag]) => run(tool, [flag])))
  return found.every((result) => result.status === 'fulfilled')
}

/** Downloads the packages and what they depend on into `cacheDir`, after a fresh look at the lists if need be. */
export async function fetchPackages(
  names: readonly string[],
  cacheDir: string,
): Promise<DebianPackage[]> {
  const fetch = async () => {
    const packages = await closureOf(names)
    await download(packages, cacheDir)
    return packages
  }
  try {
    return await fetch()
  } catch (error) {
    // Lists that are missing or old name no package, or one that the mirror has already replaced.
    if (process.getuid?.() !== 0)
      throw new Error(`${names.join(', ')} cannot be had; try \`sudo apt-get update\``, {
        cause: error,
      })
    await run('apt-get', ['update'])
    return await fetch()
  }
}

/** The packages, with what they depend on, that an image of them holds: as if nothing were installed yet. */
async function closureOf(packages: readonly string[]): Promise<DebianPackage[]> {
  const { stdout } = await run('apt-get', [
    ...['-o', 'Dir::State::status=/dev/null', '-o', 'Debug::NoLocking=1'],
    ...['install', '--print-uris', '--yes', '--no-install-recommends', ...packages],
  ])
  return parseUris(stdout).filter(({ name }) => !notInImages.test(name))
}

/** Reads `apt-get --print-uris`: one `'address' file bytes hash` per line, among other lines. */
export function parseUris(output: string): DebianPackage[] {
  return output.split('\n').flatMap((line) => {
    const [, file, bytes] = /^'[^']+' (\S+_\S+\.deb) (\d+) /.exec(line) ?? []
    const [name, version] = file?.split('_') ?? []
    if (!file || !name || !version) return []
    return [{ name, version: decodeURIComponent(version), file, bytes: Number(bytes) }]
  })
}

/** Downloads into `cacheDir` what is not there yet; apt checks each file's hash. */
async function download(packages: readonly DebianPackage[], cacheDir: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true })
  const sizes = await Promise.all(
    packages.map(({ file }) =>
      stat(join(cacheDir, file)).then(
        ({ size }) => size,
        () => undefined,
      ),
    ),
  )
  const missing = packages.filter(({ bytes }, i) => sizes[i] !== bytes)
  if (missing.length === 0) return
  const wanted = missing.map(({ name, version }) => `${name}=${version}`)
  await run('apt-get', ['download', '--quiet', ...wanted], { cwd: cacheDir })
}

/** The files of a downloaded package. */
export async function filesOf({ file }: DebianPackage, cacheDir: string): Promise<TarEntry[]> {
  const { stdout } = await run('dpkg-deb', ['--fsys-tarfile', join(cacheDir, file)], {
    encoding: 'buffer',
    maxBuffer: 1 << 30,
  })
  return readTar(stdout)
}
