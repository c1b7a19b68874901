import { constants } from 'node:fs'
import { chmod, type FileHandle, mkdir, open, realpath } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { StatusError } from '@reckon/kubernetes'
import { hasCode } from '@reckon/process'

/** O_PATH, which Node does not define: opens only the location, without reading anything or waking a pipe or device. */
const placeOnly = 0o10000000
const withoutLinks = placeOnly | constants.O_NOFOLLOW

/** A path inside a volume, and whether missing directories may be created. */
export type SubPath = { volume: string; base: string; subPath: string; mayMake: boolean }

/**
 * Opens a path inside a volume, in which containers may create links at any time. As a kubelet does, links are resolved
 * first; then the resulting path is opened (and created) name by name without following any link. So nothing outside
 * the volume is ever touched, and users of the handle cannot be misled by later links.
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

/** The kernel's path of an open file, whatever its original path now contains. */
export const openedPath = ({ fd }: FileHandle): string => `/proc/${process.pid}/fd/${fd}`

/** The names on the way from the volume to the path, without links as far as they exist. */
async function resolvedNames(root: string, asked: SubPath): Promise<readonly string[]> {
  const wanted = asked.subPath.split('/').filter((name) => name !== '' && name !== '.')
  let at = root
  for (const [index, name] of wanted.entries()) {
    const next = join(at, name)
    const real = await unlessAbsent(realpath(next))
    // A dangling link is among these names and is refused when it is opened.
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
  // It was a directory a moment ago.
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
