import { constants } from 'node:fs'
import { chmod, type FileHandle, mkdir, open, realpath } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { StatusError } from '@reckon/kubernetes'
import { hasCode } from '@reckon/process'

/** A name for the place alone (O_PATH, which Node does not name): nothing is read, no pipe or device is woken. */
const placeOnly = 0o10000000
const withoutLinks = placeOnly | constants.O_NOFOLLOW

/** A path inside a volume; whether directories may be made where it leads nowhere yet. */
export type SubPath = { volume: string; base: string; subPath: string; mayMake: boolean }

/**
 * Opens a path inside a volume, whose containers may put links anywhere and at any time: as a kubelet does, links are
 * resolved first, and what came of that is opened, and made, one name after the other without following any. So nothing
 * outside is ever touched, and whoever uses what is open is not led elsewhere by a link that is put there later.
 */
export async function openInside(asked: SubPath): Promise<FileHandle> {
  const root = await realpath(asked.base)
  const names = await resolvedNames(root, asked)
  let place = await open(root, placeOnly)
  try {
    for (const name of names) {
      const next = await openBelow(place, name, asked)
      await place.close()
      place = next
    }
    return place
  } catch (error) {
    await place.close()
    throw error
  }
}

/** Where the kernel finds what a handle of this process has open, whatever lies at its path by now. */
export const openedPath = ({ fd }: FileHandle): string => `/proc/${process.pid}/fd/${fd}`

/** The names from the volume to where the path leads, free of links as far as they are there. */
async function resolvedNames(root: string, asked: SubPath): Promise<readonly string[]> {
  const wanted = asked.subPath.split('/').filter((name) => name !== '' && name !== '.')
  let at = root
  for (const [index, name] of wanted.entries()) {
    const next = join(at, name)
    const real = await unlessAbsent(realpath(next))
    // A link to nothing is among what is opened, and refused, without following it.
    if (real === undefined) return [...namesBetween(root, at), ...wanted.slice(index)]
    if (real !== root && !real.startsWith(`${root}/`)) throw leadsOut(asked)
    at = real
  }
  return namesBetween(root, at)
}

const namesBetween = (root: string, path: string): readonly string[] =>
  relative(root, path)
    .split('/')
    .filter((name) => name !== '')

async function openBelow(place: FileHandle, name: string, asked: SubPath): Promise<FileHandle> {
  if (name === '..') throw leadsOut(asked)
  const path = `${openedPath(place)}/${name}`
  const there = await unlessAbsent(open(path, withoutLinks))
  const opened = there ?? (await made(path, asked))
  if (!(await opened.stat()).isSymbolicLink()) return opened
  // It was none a moment ago.
  await opened.close()
  throw leadsOut(asked)
}

async function made(path: string, { volume, subPath, mayMake }: SubPath): Promise<FileHandle> {
  if (!mayMake) {
    throw new StatusError('NotFound', `subPath "${subPath}" is not in volume "${volume}"`)
  }
  const isNew = await mkdir(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
      return false
    },
  )
  const opened = await open(path, withoutLinks)
  // Beyond what the process' umask lets mkdir give: any user of any container may write.
  if (isNew && (await opened.stat()).isDirectory()) await chmod(openedPath(opened), 0o777)
  return opened
}

const leadsOut = ({ volume, subPath }: SubPath): StatusError =>
  new StatusError('Invalid', `subPath "${subPath}" leads out of volume "${volume}"`)

async function unlessAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
