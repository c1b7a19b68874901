import type Docker from 'dockerode'
import { mirrored } from '../../containers/image-reference.ts'
import type { SeenImage } from '../../runtime/disk-space.ts'
import { type RegistryCredentials, RuntimeRefusal } from '../../runtime/runtime.ts'
import type { Engine } from '../engine.ts'
import { unlessGone } from '../unless-gone.ts'
import { pullImage } from './pull-image.ts'

type DockerEngine = { docker: Docker; engine: Engine }

type Options = {
  docker: Docker
  quick: Engine
  /** For what lasts as long as it lasts. */
  slow: Engine
  /** A registry that is asked first for Docker Hub's images. */
  mirror: string | undefined
}

/** As the engine tells of an image; Engine 29.2 is the first that says where it has it from. */
interface Inspected extends Docker.ImageInspectInfo {
  Identity?: { Pull?: readonly object[] | null }
}

/** The images of an engine, by the names that pods give them. */
export class DockerImages {
  readonly #options: Options
  readonly #pulls = new Map<string, Promise<void>>()
  readonly #asked = new Map<string, Promise<boolean>>()
  /** By name, the id of the image that was pulled last. */
  readonly #pulled = new Map<string, string>()

  constructor(options: Options) {
    this.#options = options
  }

  see(names: readonly string[]): Promise<readonly SeenImage[]> {
    const { docker, quick } = this.#options
    return seeImages({ docker, engine: quick }, names, this.#pulled)
  }

  /** Pods that begin together ask once. */
  has(image: string): Promise<boolean> {
    const asked =
      this.#asked.get(image) ?? this.#isThere(image).finally(() => this.#asked.delete(image))
    this.#asked.set(image, asked)
    return asked
  }

  async userOf(image: string): Promise<string> {
    return (await this.#inspect(image)).Config.User
  }

  /** Several containers that start at once pull an image once, unless they show the registry something else. */
  pull(image: string, credentials: readonly RegistryCredentials[]): Promise<void> {
    const key = `${image} ${JSON.stringify(credentials)}`
    const running = this.#pulls.get(key)
    if (running !== undefined) return running
    const pulled = this.#pull(image, credentials).finally(() => this.#pulls.delete(key))
    this.#pulls.set(key, pulled)
    return pulled
  }

  async remove(image: string): Promise<void> {
    const { docker, slow, mirror } = this.#options
    // The engine takes a name away from an image that has others, whoever uses it.
    const [seen] = await this.see([image])
    if (seen?.isUsed) throw new RuntimeRefusal(`a container is made of ${image}`)
    const ofMirror = mirror === undefined ? undefined : mirrored(image, mirror)
    // What was pulled from there bears that name, too, and stays as long as it has any.
    for (const name of [image, ...(ofMirror ? [ofMirror] : [])]) {
      await unlessGone(() => slow(() => docker.getImage(name).remove()))
    }
    this.#pulled.delete(image)
  }

  async #isThere(image: string): Promise<boolean> {
    return (await unlessGone(() => this.#inspect(image))) !== undefined
  }

  async #pull(image: string, credentials: readonly RegistryCredentials[]): Promise<void> {
    const { docker, slow, mirror } = this.#options
    await slow(() => pullImage(docker, image, { mirror, credentials }))
    const info = await unlessGone(() => this.#inspect(image))
    if (info !== undefined) this.#pulled.set(image, info.Id)
  }

  #inspect(image: string): Promise<Docker.ImageInspectInfo> {
    const { docker, quick } = this.#options
    return quick(() => docker.getImage(image).inspect())
  }
}

/**
 * Those that are there, and whether any container was made of each; `pulled` has by name the ids of those that we
 * pulled.
 */
export async function seeImages(
  { docker, engine }: DockerEngine,
  names: readonly string[],
  pulled: ReadonlyMap<string, string>,
): Promise<readonly SeenImage[]> {
  const containers = await engine(() => docker.listContainers({ all: true }))
  const used = new Set(containers.map(({ ImageID }) => ImageID))
  const seen = await Promise.all(
    names.map(async (name) => {
      const info = await unlessGone(() => engine(() => docker.getImage(name).inspect()))
      if (info === undefined) return undefined
      const isElsewhere = pulled.get(name) === info.Id || isFromRegistry(info)
      return { name, bytes: info.Size, isUsed: used.has(info.Id), isElsewhere }
    }),
  )
  return seen.filter((each) => each !== undefined)
}

/**
 * Whether the engine knows that a registry has the image. It has the digest of a manifest only of what was pulled or
 * pushed, unless it keeps all images by their manifests (the containerd image store): then their ids are these digests,
 * of what was built there, too, which is nowhere else.
 */
const isFromRegistry = ({ Id, RepoDigests, Identity }: Inspected): boolean =>
  (Identity?.Pull ?? []).length > 0 || (RepoDigests ?? []).some((each) => !each.endsWith(`@${Id}`))
