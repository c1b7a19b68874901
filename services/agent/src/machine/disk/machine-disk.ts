import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import {
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Ids } from '@reckon/eventing/bus'
import { StatusError } from '@reckon/kubernetes'
import { hasCode, KeyedMutex } from '@reckon/process'
import type { Attempt, PlacedContent, PodDisk } from '../../volumes/pod-disk.ts'
import { bytesBelow } from './bytes-below.ts'
import { isThere } from './is-there.ts'
import { resolverIn } from './machine-resolver.ts'
import { mountMemory, mountOpened, unmountAll } from './mounts.ts'
import { openedPath, openInside } from './open-inside.ts'
import { refusing } from './refusing-disk.ts'
import { SharedMemory } from './shared-memory.ts'
import { giveToGroup, giveTreeToGroup, writeVolume } from './write-volume.ts'

/** The checks of hostPath types. */
const checks: Record<string, (stats: Stats) => boolean> = {
  Directory: (stats) => stats.isDirectory(),
  DirectoryOrCreate: (stats) => stats.isDirectory(),
  File: (stats) => stats.isFile(),
  FileOrCreate: (stats) => stats.isFile(),
  Socket: (stats) => stats.isSocket(),
  CharDevice: (stats) => stats.isCharacterDevice(),
  BlockDevice: (stats) => stats.isBlockDevice(),
}

const ofMachine: Pick<PodDisk, 'machineHosts' | 'machineResolver'> = {
  machineHosts: () => readFile('/etc/hosts', 'utf8'),
  machineResolver: () => resolverIn('/'),
}

/** The volumes of pods under `<dataDir>/pods/<uid>/volumes/<name>`. */
export const createMachineDisk = (dataDir: string, ids: Ids): PodDisk =>
  refusing(volumesUnder(dataDir, ids))

function volumesUnder(dataDir: string, ids: Ids): PodDisk {
  const root = join(dataDir, 'pods')
  const dirOf = (podUid: string, volume: string) => join(root, podUid, 'volumes', volume)

  const messageFileOf = (podUid: string, { container, attempt }: Attempt) =>
    join(root, podUid, 'messages', container, `${attempt}`)

  // Two writers of a volume would take each other's half-written files for old ones, and two mounts would stack up.
  const byPath = new KeyedMutex()
  const memory = new SharedMemory(dataDir)
  const volumePath = (name: string) => join(dataDir, 'volumes', name)
  /** The lasting volumes whose group was set, with the pod: once for each. */
  const givenTo = new Set<string>()

  return {
    volumePath,
    removeVolume: (name) => byPath.run(volumePath(name), () => removeTree(volumePath(name))),
    async place(podUid, content) {
      if (content.type === 'HostPath') return placeHostPath(content)
      if (content.type === 'Local') {
        return byPath.run(content.path, async () => {
          await makeLocal(content)
          const given = `${podUid} ${content.path}`
          if (!givenTo.has(given)) await giveLocal(content)
          givenTo.add(given)
        })
      }
      await byPath.run(dirOf(podUid, content.volume), () => placeInPod(podUid, content))
    },
    async pathOf(podUid, content, subPath) {
      const base = 'path' in content ? content.path : dirOf(podUid, content.volume)
      if (subPath === undefined) return base
      const { volume, type } = content
      const mayMake = type !== 'Files'
      await using opened = await openInside({ volume, base, subPath, mayMake })
      // No container can change a volume of files, so its path stays valid.
      if (!mayMake) return await readlink(openedPath(opened))
      const target = join(root, podUid, 'subpaths', volume, nameOf(subPath))
      await byPath.run(target, () => mountOpened(opened, target))
      return target
    },
    ...ofMachine,
    async messageFile(podUid, of) {
      const file = messageFileOf(podUid, of)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, '', { flag: 'a' })
      // Any user of the container may write.
      await chmod(file, 0o666)
      return file
    },
    message: (podUid, of) => beginningOf(messageFileOf(podUid, of)),
    usedBytes: (podUid, device) => bytesBelow(join(root, podUid, 'volumes'), device),
    volumeBytes: (podUid, volume) => bytesBelow(dirOf(podUid, volume)),
    async pods() {
      await mkdir(root, { recursive: true })
      return readdir(root)
    },
    async freeMemory(podUid) {
      await unmountAll(join(root, podUid))
      await memory.remove(podUid)
    },
    tearDown: () => memory.unmount(),
    async remove(podUid) {
      await this.freeMemory(podUid)
      await removeTree(join(root, podUid))
      for (const given of givenTo) if (given.startsWith(`${podUid} `)) givenTo.delete(given)
    },
  }

  async function placeInPod(podUid: string, content: PodContent): Promise<void> {
    const dir = dirOf(podUid, content.volume)
    if (content.type === 'Files') {
      if (content.medium === 'Memory') await memory.place(podUid, dir)
      else await mkdir(dir, { recursive: true })
      return writeVolume(dir, { ...content, version: ids.next() })
    }
    await mkdir(dir, { recursive: true })
    if (content.medium === 'Memory') await mountMemory(dir, content.bytesMax)
    // Beyond what the process' umask lets mkdir give: any user of any container may write.
    await chmod(dir, 0o777)
    if (content.group !== undefined) await giveToGroup(dir, content.group)
  }
}

const removeTree = (path: string): Promise<void> => rm(path, { recursive: true, force: true })

/** A kubelet's limit on termination messages. */
const messageBytesMax = 4096

/** The beginning of a file; empty where there is none. */
async function beginningOf(path: string): Promise<string> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(messageBytesMax), 0, messageBytesMax)
    return buffer.subarray(0, bytesRead).toString()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return ''
    throw error
  }
}

/** Encodes a path as a single file name. */
const nameOf = (path: string): string =>
  createHash('sha256').update(path).digest('hex').slice(0, 32)

/** Content in the pod's own directory. */
type PodContent = Exclude<PlacedContent, { type: 'HostPath' | 'Local' }>

type LocalContent = PlacedContent & { type: 'Local' }

async function makeLocal({ path, isMade }: LocalContent): Promise<void> {
  if (await isThere(path)) return
  if (!isMade) throw new StatusError('NotFound', `path "${path}" does not exist`)
  await mkdir(path, { recursive: true })
  // Beyond what the process' umask lets mkdir give: any user of any container may write.
  await chmod(path, 0o777)
}

async function giveLocal({ path, group, isGivenOnce }: LocalContent): Promise<void> {
  if (group === undefined) return
  if (!isGivenOnce || (await stat(path)).gid !== group) await giveTreeToGroup(path, group)
}

async function placeHostPath({ path, check }: PlacedContent & { type: 'HostPath' }): Promise<void> {
  if (!(await isThere(path))) {
    if (check === 'FileOrCreate') await writeFile(path, '', { flag: 'a', mode: 0o644 })
    else if (check === '' || check === 'DirectoryOrCreate') await mkdir(path, { recursive: true })
    else throw new StatusError('NotFound', `hostPath type check failed: ${path} is not there`)
  }
  if (checks[check]?.(await stat(path)) === false) {
    throw new StatusError('Invalid', `hostPath type check failed: ${path} is not a ${check}`)
  }
}
