import type { Clock, Ids } from '@reckon/eventing'
import { StatusError } from '@reckon/kubernetes'
import {
  type ContainerSpec,
  type Runtime,
  type RuntimeFacts,
  RuntimeRefusal,
  type SandboxSpec,
  type SeenContainer,
  sandboxName,
} from '../runtime.ts'

/** A runtime that only pretends, with what a test or a simulation may do to it. */
export interface SimulatedRuntime extends Runtime {
  /** The newest attempt of a running container ends. */
  exit(podUid: string, container: string, exitCode: number): void
  /** The engine goes away (containers stay), or comes back. */
  setAway(isAway: boolean): void
  /** What a running container was started with. */
  specOf(podUid: string, container: string): ContainerSpec | undefined
}

type Options = { cpus: number; memoryBytes: number; missingImages?: ReadonlySet<string> }

/**
 * Containers run as soon as they are started and end when they are stopped. For machines without an engine, for
 * tests and for simulation; what it pretended is forgotten with it.
 */
export function createSimulatedRuntime(
  ports: { clock: Clock; ids: Ids },
  options: Options,
): SimulatedRuntime {
  const containers = new Map<string, SeenContainer>()
  const specs = new Map<string, ContainerSpec>()
  const watchers = new Set<{ changed: Set<string>; wake: () => void }>()
  let isAway = false

  const ensureHere = () => {
    if (isAway) throw new StatusError('ServiceUnavailable', 'the simulated engine is away')
  }
  const set = (seen: SeenContainer) => {
    containers.set(seen.id, seen)
    changed(seen.pod.uid)
  }
  const changed = (podUid: string) => {
    for (const watcher of watchers) {
      watcher.changed.add(podUid)
      watcher.wake()
    }
  }
  const end = (seen: SeenContainer, exitCode: number) => {
    if (seen.state !== 'Running') return
    set({ ...seen, state: 'Exited', exitCode, finishedAtMs: ports.clock.now() })
  }
  const begin = (spec: SandboxSpec | ContainerSpec, container: string): SeenContainer => {
    const id = ports.ids.next()
    const same = [...containers.values()].find(
      (each) =>
        each.pod.uid === spec.pod.uid &&
        each.container === container &&
        each.attempt === spec.attempt,
    )
    if (same)
      throw new RuntimeRefusal(`container name of ${container} is already in use by ${same.id}`)
    return {
      id,
      pod: spec.pod,
      container,
      attempt: spec.attempt,
      sandboxId: id,
      state: 'Running',
      image: spec.image,
      imageId: `sha256:${spec.image}`,
      startedAtMs: ports.clock.now(),
      exitCode: 0,
      outOfMemory: false,
    }
  }

  return {
    name: 'simulated',
    async facts(): Promise<RuntimeFacts> {
      ensureHere()
      return {
        cpus: options.cpus,
        memoryBytes: options.memoryBytes,
        kernelVersion: 'simulated',
        osImage: 'simulated',
        architecture: 'amd64',
        containerRuntimeVersion: 'simulated://1',
      }
    },
    async prepare() {
      ensureHere()
    },
    async tearDown() {
      ensureHere()
    },
    async list(podUid) {
      ensureHere()
      return [...containers.values()].filter(
        (each) => podUid === undefined || each.pod.uid === podUid,
      )
    },
    async hasImage(image) {
      ensureHere()
      return !options.missingImages?.has(image)
    },
    async pullImage(image) {
      ensureHere()
      if (options.missingImages?.has(image))
        throw new RuntimeRefusal(`manifest for ${image} not found`)
    },
    async startSandbox(spec) {
      ensureHere()
      const taken = [...containers.values()].find(
        (each) => each.state === 'Running' && spec.ip !== undefined && each.ip === spec.ip,
      )
      if (taken) throw new RuntimeRefusal('Address already in use')
      const seen = begin(spec, sandboxName)
      set({ ...seen, ...(spec.ip === undefined ? {} : { ip: spec.ip }) })
      return seen.id
    },
    async startContainer(spec) {
      ensureHere()
      if (options.missingImages?.has(spec.image))
        throw new RuntimeRefusal(`No such image: ${spec.image}`)
      const sandbox = containers.get(spec.sandboxId)
      if (sandbox?.state !== 'Running') {
        throw new RuntimeRefusal(
          `cannot join network of a non running container: ${spec.sandboxId}`,
        )
      }
      const seen = { ...begin(spec, spec.container), sandboxId: spec.sandboxId }
      specs.set(seen.id, spec)
      set(seen)
      return seen.id
    },
    async exec(id) {
      ensureHere()
      if (containers.get(id)?.state === 'Running') return 0
      throw new RuntimeRefusal(`container ${id} is not running`)
    },
    async stop(id) {
      ensureHere()
      const seen = containers.get(id)
      if (seen !== undefined) end(seen, seen.container === sandboxName ? 0 : 143)
    },
    async remove(id) {
      ensureHere()
      const seen = containers.get(id)
      containers.delete(id)
      specs.delete(id)
      if (seen !== undefined) changed(seen.pod.uid)
    },
    async *watch(signal) {
      ensureHere()
      const watcher = { changed: new Set<string>(), wake: () => {} }
      watchers.add(watcher)
      const onAbort = () => watcher.wake()
      signal.addEventListener('abort', onAbort)
      try {
        yield undefined
        while (!signal.aborted) {
          ensureHere()
          const due = [...watcher.changed]
          watcher.changed.clear()
          yield* due
          if (watcher.changed.size > 0 || signal.aborted) continue
          await new Promise<void>((resolve) => {
            watcher.wake = resolve
          })
        }
      } finally {
        watchers.delete(watcher)
        signal.removeEventListener('abort', onAbort)
      }
    },
    exit(podUid, container, exitCode) {
      const seen = [...containers.values()].find(
        (each) =>
          each.pod.uid === podUid && each.container === container && each.state === 'Running',
      )
      if (seen !== undefined) end(seen, exitCode)
    },
    setAway(away) {
      isAway = away
      for (const watcher of watchers) watcher.wake()
    },
    specOf(podUid, container) {
      const seen = [...containers.values()].find(
        (each) =>
          each.pod.uid === podUid && each.container === container && each.state === 'Running',
      )
      return seen && specs.get(seen.id)
    },
  }
}
