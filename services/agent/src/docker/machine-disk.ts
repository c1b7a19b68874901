import type { Stats } from 'node:fs'
import { chmod, mkdir, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ids } from '@reckon/eventing/bus'
import { StatusError } from '@reckon/kubernetes'
import type { PodDisk, VolumeContent } from '../pod-disk.ts'
import { mountMemory, unmountAll } from './memory-volume.ts'
import { refusing } from './refusing-disk.ts'
import { writeVolume } from './write-volume.ts'

/** What a hostPath may ask of what is there. */
const checks: Record<string, (stats: Stats) => boolean> = {
  Directory: (stats) => stats.isDirectory(),
  DirectoryOrCreate: (stats) => stats.isDirectory(),
  File: (stats) => stats.isFile(),
  FileOrCreate: (stats) => stats.isFile(),
  Socket: (stats) => stats.isSocket(),
  CharDevice: (stats) => stats.isCharacterDevice(),
  BlockDevice: (stats) => stats.isBlockDevice(),
}

/** The volumes of pods under `<dataDir>/pods/<uid>/volumes/<name>`. */
export const createMachineDisk = (dataDir: string, ids: Ids): PodDisk =>
  refusing(volumesUnder(dataDir, ids))

function volumesUnder(dataDir: string, ids: Ids): PodDisk {
  const root = join(dataDir, 'pods')
  const dirOf = (podUid: string, volume: string) => join(root, podUid, 'volumes', volume)

  // Two writers of one volume would take each other's half-written files for old ones.
  const inTurn = new Map<string, Promise<void>>()

  return {
    async place(podUid, content) {
      if (content.type === 'HostPath') return placeHostPath(content)
      const key = dirOf(podUid, content.volume)
      const place = () => placeInPod(podUid, content)
      const turn = (inTurn.get(key) ?? Promise.resolve()).then(place, place)
      inTurn.set(key, turn)
      try {
        await turn
      } finally {
        if (inTurn.get(key) === turn) inTurn.delete(key)
      }
    },
    async pathOf(podUid, content, subPath) {
      const base = content.type === 'HostPath' ? content.path : dirOf(podUid, content.volume)
      if (subPath === undefined) return base
      return pathInside(base, subPath, content)
    },
    async pods() {
      await mkdir(root, { recursive: true })
      return readdir(root)
    },
    async remove(podUid) {
      const dir = join(root, podUid)
      await unmountAll(dir)
      await rm(dir, { recursive: true, force: true })
    },
  }

  async function placeInPod(podUid: string, content: PodContent): Promise<void> {
    const dir = dirOf(podUid, content.volume)
    await mkdir(dir, { recursive: true })
    if (content.medium === 'Memory') {
      await mountMemory(dir, content.type === 'Empty' ? content.bytesMax : undefined)
    }
    if (content.type === 'Files') return writeVolume(dir, content.files, ids.next())
    // Beyond what the process' umask lets mkdir give: any user of any container may write.
    await chmod(dir, 0o777)
  }
}

/** What lies in the pod's own directory. */
type PodContent = Exclude<VolumeContent, { type: 'HostPath' }>

/** The real path, so that no link inside the volume leads out of it. */
async function pathInside(base: string, subPath: string, content: VolumeContent): Promise<string> {
  const wanted = join(base, subPath)
  if (content.type !== 'Files' && !(await isThere(wanted))) {
    await mkdir(wanted, { recursive: true })
    await chmod(wanted, 0o777)
  }
  if (!(await isThere(wanted))) {
    throw new StatusError('NotFound', `subPath "${subPath}" is not in volume "${content.volume}"`)
  }
  const [real, inside] = await Promise.all([realpath(wanted), realpath(base)])
  if (real !== inside && !real.startsWith(`${inside}/`)) {
    throw new StatusError('Invalid', `subPath "${subPath}" leads out of volume "${content.volume}"`)
  }
  return real
}

async function placeHostPath({ path, check }: VolumeContent & { type: 'HostPath' }): Promise<void> {
  if (!(await isThere(path))) {
    if (check === 'FileOrCreate') await writeFile(path, '', { flag: 'a', mode: 0o644 })
    else if (check === '' || check === 'DirectoryOrCreate') await mkdir(path, { recursive: true })
    else throw new StatusError('NotFound', `hostPath type check failed: ${path} is not there`)
  }
  if (checks[check]?.(await stat(path)) === false) {
    throw new StatusError('Invalid', `hostPath type check failed: ${path} is not a ${check}`)
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
