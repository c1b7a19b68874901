import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { VolumeFile } from '../volumes/pod-disk.ts'

/** The link that always leads to the present files. */
const dataLink = '..data'

/**
 * Writes the files of a volume as a kubelet does: into a new directory that one rename puts in the place of the old
 * one, so that a reader never sees a mixture. Equal files are not written again.
 */
export async function writeVolume(
  dir: string,
  files: ReadonlyMap<string, VolumeFile>,
  version: string,
): Promise<void> {
  const link = join(dir, dataLink)
  const before = await linkTarget(link)
  if (before !== undefined && (await isWritten(join(dir, before), files))) return
  const versionName = `..${version}`
  for (const [path, { content, mode }] of files) {
    const file = join(dir, versionName, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
    await chmod(file, mode)
  }
  await mkdir(join(dir, versionName), { recursive: true })
  const next = `${link}_tmp`
  await rm(next, { force: true })
  await symlink(versionName, next)
  await rename(next, link)
  await linkNames(dir, new Set([...files.keys()].map((path) => path.split('/')[0] ?? path)))
  // Also what an earlier writer left when it was killed.
  const versions = (await readdir(dir)).filter((name) => name.startsWith('..'))
  const old = versions.filter((name) => name !== dataLink && name !== versionName)
  for (const name of old) await rm(join(dir, name), { recursive: true, force: true })
}

/** Each name is a link through `..data`; names that are gone lose theirs. */
async function linkNames(dir: string, names: ReadonlySet<string>): Promise<void> {
  const present = new Set((await readdir(dir)).filter((name) => !name.startsWith('..')))
  for (const name of present) if (!names.has(name)) await rm(join(dir, name))
  for (const name of names) {
    if (!present.has(name)) await symlink(join(dataLink, name), join(dir, name))
  }
}

async function isWritten(dir: string, files: ReadonlyMap<string, VolumeFile>): Promise<boolean> {
  const present = await readdir(dir, { recursive: true, withFileTypes: true })
  if (present.filter((entry) => entry.isFile()).length !== files.size) return false
  for (const [path, { content, mode }] of files) {
    const file = join(dir, path)
    const written = await readFile(file).catch(absent)
    if (written === undefined || !written.equals(content)) return false
    if (((await lstat(file)).mode & 0o7777) !== mode) return false
  }
  return true
}

const linkTarget = (link: string): Promise<string | undefined> => readlink(link).catch(absent)

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
