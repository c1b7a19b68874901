import { mkdir, readdir, readlink, rename, rm, rmdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasCode } from '@reckon/process'
import { isThere } from '../../machine/disk/is-there.ts'
import { type SeenContainer, sandboxName } from '../../runtime/runtime.ts'

/**
 * Where a container's log is found by collectors: the attempt's own file, and a link to it with all names in its own.
 */
type Paths = { attempt: string; container: string }

/** Of a file's name, on every file system of note. */
const nameBytesMax = 255

/**
 * In upstream's places below the directory, which is `/var/log` for a kubelet. Names too long for a file are cut: at
 * their end before `.log`, as dockershim did; a pod's folder before its uid. Pure.
 */
export function logPathsOf(
  root: string,
  { id, pod, container, attempt }: Pick<SeenContainer, 'id' | 'pod' | 'container' | 'attempt'>,
): Paths {
  const { namespace, name, uid } = pod
  const folder = cut(`${namespace}_${name}`, `_${uid}`)
  return {
    attempt: join(root, 'pods', folder, container, `${attempt}.log`),
    container: join(root, 'containers', cut(`${name}_${namespace}_${container}-${id}`, '.log')),
  }
}

/** All of it is ASCII. */
const cut = (text: string, end: string): string =>
  `${text.slice(0, Math.max(0, nameBytesMax - end.length))}${end}`

/** The links of a container, and when they are made. */
type Linked = { podUid: string; paths: Paths; made: Promise<void> }

/**
 * Links to the files in which the engine keeps what containers write, in the places where collectors of logs look: as
 * dockershim made them. Made when a container is seen and removed with it; what an ended agent has left is swept.
 */
export class LogLinks {
  readonly #root: string
  readonly #linked = new Map<string, Linked>()

  constructor(root: string) {
    this.#root = root
  }

  async link(seen: SeenContainer, engineFile: string): Promise<void> {
    if (seen.container === sandboxName || engineFile === '') return
    const linked = this.#linked.get(seen.id) ?? this.#make(seen, engineFile)
    try {
      await linked.made
    } catch (error) {
      // It is tried again when the container is seen again.
      this.#linked.delete(seen.id)
      throw error
    }
  }

  /** The ids of the containers that have links, or of those of one pod. */
  linked(podUid?: string): readonly string[] {
    return [...this.#linked].flatMap(([id, linked]) =>
      podUid === undefined || linked.podUid === podUid ? [id] : [],
    )
  }

  async unlink(id: string): Promise<void> {
    const linked = this.#linked.get(id)
    if (linked === undefined) return
    this.#linked.delete(id)
    await Promise.allSettled([linked.made])
    const { attempt, container } = linked.paths
    try {
      // A name that was cut may be a later container's by now.
      if ((await targetOf(container)) === attempt) await rm(container, { force: true })
    } finally {
      await removeAttempt(attempt)
    }
  }

  #make(seen: SeenContainer, engineFile: string): Linked {
    const paths = logPathsOf(this.#root, seen)
    const make = async () => {
      await relink(engineFile, paths.attempt, seen.id)
      await relink(paths.attempt, paths.container, seen.id)
    }
    const linked = { podUid: seen.pod.uid, paths, made: make() }
    this.#linked.set(seen.id, linked)
    return linked
  }

  /**
   * Removes the links to what is there no more: to engines' files, and from the one place to the other. Others' stay.
   */
  async sweep(): Promise<void> {
    for (const name of await namesIn(join(this.#root, 'containers'))) {
      const link = join(this.#root, 'containers', name)
      const isOurs = (target: string) => target.startsWith(join(this.#root, 'pods', '/'))
      if (await isLeft(link, isOurs)) await rm(link, { force: true })
    }
    for (const pod of await namesIn(join(this.#root, 'pods'))) {
      for (const container of await namesIn(join(this.#root, 'pods', pod))) {
        const folder = join(this.#root, 'pods', pod, container)
        for (const name of await namesIn(folder)) {
          const link = join(folder, name)
          if (await isLeft(link, isEngineFile)) await removeAttempt(link)
        }
      }
    }
  }
}

/** The attempt's link, and the folders of its container and pod where they held nothing else. */
async function removeAttempt(attempt: string): Promise<void> {
  await rm(attempt, { force: true })
  const folder = dirname(attempt)
  if (await removedEmpty(folder)) await removedEmpty(dirname(folder))
}

async function removedEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY') || hasCode(error, 'ENOENT')) return false
    throw error
  }
}

/** There is always one, the earlier or the later: who reads it finds it. */
async function relink(target: string, path: string, id: string): Promise<void> {
  const draft = join(dirname(path), `.${id}`)
  await mkdir(dirname(path), { recursive: true })
  await rm(draft, { force: true })
  await symlink(target, draft)
  await rename(draft, path)
}

/** Where a link leads; undefined where there is none. */
async function targetOf(link: string): Promise<string | undefined> {
  try {
    return await readlink(link)
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'EINVAL')) return undefined
    throw error
  }
}

/** Engines keep what is of a container in a folder that has its id for a name. */
const isEngineFile = (target: string): boolean => /\/containers\/[0-9a-f]+\//.test(target)

/** Whether it is a link to such a target that is there no more. */
async function isLeft(link: string, isOurs: (target: string) => boolean): Promise<boolean> {
  const target = await targetOf(link)
  return target !== undefined && isOurs(target) && !(await isThere(link))
}

/** Nothing where there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return []
    throw error
  }
}
