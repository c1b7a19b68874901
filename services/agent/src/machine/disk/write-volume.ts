import {
  chmod,
  chown,
  lchown,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { VolumeFile } from '../../volumes/pod-disk.ts'

/** For chown: leave unchanged. */
const unchanged = -1

/** The link to the current files. */
const dataLink = '..data'

type Files = ReadonlyMap<string, VolumeFile>
type Written = { files: Files; version: string; group?: number | undefined }

/** As in the kubelet's SetVolumeOwnership for read-only content: the group may read what the owner may. */
const groupReads = 0o440
const setgid = 0o2000

/** Gives a directory to a group, which new files in it inherit. */
export async function giveToGroup(dir: string, group: number): Promise<void> {
  await chown(dir, unchanged, group)
  await chmod(dir, ((await stat(dir)).mode & 0o777) | 0o770 | setgid)
}

/** As `giveToGroup`, for everything in the directory; links are changed themselves rather than followed. */
export async function giveTreeToGroup(dir: string, group: number): Promise<void> {
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) await giveToGroup(path, group)
    else await lchown(path, unchanged, group)
    if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o777) | 0o660)
  }
  await giveToGroup(dir, group)
}

/**
 * Writes the files of a volume as a kubelet does: into a new directory, which a single rename puts in place of the old
 * one, so that readers never see a mixture. Unchanged files are not written again.
 */
export async function writeVolume(dir: string, written: Written): Promise<void> {
  const { files, group } = written
  const before = await linkTarget(join(dir, dataLink))
  const isCurrent = before !== undefined && (await isWritten(join(dir, before), files, group))
  const versionName = isCurrent ? before : await writeVersion(dir, written)
  // A writer that was killed may have come as far as the rename.
  await linkNames(dir, new Set([...files.keys()].map((path) => path.split('/')[0] ?? path)))
  const versions = (await readdir(dir)).filter((name) => name.startsWith('..'))
  const old = versions.filter((name) => name !== dataLink && name !== versionName)
  for (const name of old) await rm(join(dir, name), { recursive: true, force: true })
}

/** Writes the files into a directory of their own, and makes that the current one; returns its name. */
async function writeVersion(dir: string, { files, version, group }: Written): Promise<string> {
  const link = join(dir, dataLink)
  const versionName = `..${version}`
  await mkdir(join(dir, versionName), { recursive: true })
  if (group !== undefined)
    for (const each of [dir, join(dir, versionName)]) await giveToGroup(each, group)
  for (const [path, file] of files) {
    const written = join(dir, versionName, path)
    await mkdir(dirname(written), { recursive: true })
    await writeFile(written, file.content)
    if (file.owner !== undefined || group !== undefined) {
      await chown(written, file.owner ?? unchanged, group ?? unchanged)
    }
    await chmod(written, modeOf(file, group))
  }
  const next = `${link}_tmp`
  await rm(next, { force: true })
  await symlink(versionName, next)
  await rename(next, link)
  return versionName
}

/** Each name is a link through `..data`; links of removed names are deleted. */
async function linkNames(dir: string, names: ReadonlySet<string>): Promise<void> {
  const present = new Set((await readdir(dir)).filter((name) => !name.startsWith('..')))
  for (const name of present) if (!names.has(name)) await rm(join(dir, name))
  for (const name of names) {
    if (!present.has(name)) await symlink(join(dataLink, name), join(dir, name))
  }
}

const modeOf = ({ mode }: VolumeFile, group: number | undefined): number =>
  group === undefined ? mode : mode | groupReads

async function isWritten(dir: string, files: Files, group: number | undefined): Promise<boolean> {
  const present = await readdir(dir, { recursive: true, withFileTypes: true })
  if (present.filter((entry) => entry.isFile()).length !== files.size) return false
  for (const [path, wanted] of files) {
    const file = join(dir, path)
    const written = await readFile(file).catch(absent)
    if (written === undefined || !written.equals(wanted.content)) return false
    if (((await lstat(file)).mode & 0o7777) !== modeOf(wanted, group)) return false
  }
  return true
}

const linkTarget = (link: string): Promise<string | undefined> => readlink(link).catch(absent)

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
