import type { Clock } from '@reckon/eventing/bus'
import { counterIn, histogramIn, type Metrics } from '@reckon/process'
import type { Runtime } from './runtime.ts'

const buckets = [0.005, 0.0125, 0.03, 0.08, 0.2, 0.5, 1.25, 3, 7.5, 20, 50, 120, 300, 750]

/**
 * Measures a runtime's operations under a kubelet's names. Listing containers is what a kubelet calls a relist, except
 * that here one pod is listed when something happens to it.
 */
export function measuredRuntime(
  { runtime, clock }: { runtime: Runtime; clock: Clock },
  metrics: Metrics,
): Runtime {
  const timed = timerIn(metrics, clock)
  const relist = relistsIn(metrics, clock)
  // Explicitly, because a spread would not copy a class' methods.
  return {
    name: runtime.name,
    facts: () => timed('version', runtime.facts()),
    prepare: (cidr) => runtime.prepare(cidr),
    holdAddress: (address) => runtime.holdAddress(address),
    tearDown: () => runtime.tearDown(),
    list: (podUid) => relist(timed('list_containers', runtime.list(podUid))),
    usage: (extent) => timed('list_container_stats', runtime.usage(extent)),
    disk: () => runtime.disk(),
    written: (podUid) => timed('list_container_stats', runtime.written(podUid)),
    images: (names) => timed('list_images', runtime.images(names)),
    removeImage: (image) => timed('remove_image', runtime.removeImage(image)),
    hasImage: (image) => timed('image_status', runtime.hasImage(image)),
    imageUser: (image) => timed('image_status', runtime.imageUser(image)),
    pullImage: (image, shown) => timed('pull_image', runtime.pullImage(image, shown)),
    startSandbox: (spec) => timed('run_podsandbox', runtime.startSandbox(spec)),
    startContainer: (spec) => timed('start_container', runtime.startContainer(spec)),
    exec: (id, command, signal) => timed('exec_sync', runtime.exec(id, command, signal)),
    startProcess: (id, command, streams) =>
      timed('exec', runtime.startProcess(id, command, streams)),
    endCommands: () => runtime.endCommands(),
    openLoopback: (id, port) => timed('port_forward', runtime.openLoopback(id, port)),
    attach: (id, streams) => timed('attach', runtime.attach(id, streams)),
    log: (id, selection, signal) => runtime.log(id, selection, signal),
    stop: (id, grace) => timed('stop_container', runtime.stop(id, grace)),
    remove: (id) => timed('remove_container', runtime.remove(id)),
    watch: (signal) => runtime.watch(signal),
  }
}

function timerIn(metrics: Metrics, clock: Clock) {
  const labelNames = ['operation_type'] as const
  const total = counterIn(metrics, {
    name: 'kubelet_runtime_operations_total',
    help: 'What the container engine was asked for',
    labelNames: [...labelNames],
  })
  const errors = counterIn(metrics, {
    name: 'kubelet_runtime_operations_errors_total',
    help: 'What of that failed',
    labelNames: [...labelNames],
  })
  const seconds = histogramIn(metrics, {
    name: 'kubelet_runtime_operations_duration_seconds',
    help: 'How long the container engine took',
    labelNames: [...labelNames],
    buckets,
  })
  return async <T>(operation: string, answer: Promise<T>): Promise<T> => {
    const about = { operation_type: operation }
    const beganMs = clock.now()
    total.inc(about)
    try {
      return await answer
    } catch (error) {
      errors.inc(about)
      throw error
    } finally {
      seconds.observe(about, (clock.now() - beganMs) / 1000)
    }
  }
}

function relistsIn(metrics: Metrics, clock: Clock) {
  const duration = histogramIn(metrics, {
    name: 'kubelet_pleg_relist_duration_seconds',
    help: 'How long it took to look at the containers of one pod, or of all',
    buckets,
  })
  const interval = histogramIn(metrics, {
    name: 'kubelet_pleg_relist_interval_seconds',
    help: 'From one such look to the next',
    buckets,
  })
  let lastMs: number | undefined
  return async <T>(look: Promise<T>): Promise<T> => {
    const beganMs = clock.now()
    if (lastMs !== undefined) interval.observe((beganMs - lastMs) / 1000)
    lastMs = beganMs
    const seen = await look
    duration.observe((clock.now() - beganMs) / 1000)
    return seen
  }
}
