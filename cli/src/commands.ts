import type { Command } from 'commander'

/** A command: its summary, and how to load its implementation. */
type Listed = {
  readonly description: string
  load(): Promise<(command: Command) => void>
}

/**
 * All commands, in the order and under the headings of `reckon --help`. Only the requested one is loaded, because the
 * libraries of the others take time to load.
 */
export const commandGroups: Readonly<Record<string, Readonly<Record<string, Listed>>>> = {
  'The cluster': {
    up: {
      description: 'start a cluster on this machine and keep it running',
      load: async () => (await import('./commands/up.ts')).defineUp,
    },
    down: {
      description: 'stop the cluster of this machine; its pods start again with the next "up"',
      load: async () => (await import('./commands/down.ts')).defineDown,
    },
    status: {
      description: 'show every process of this machine, its position in the log and its lag',
      load: async () => (await import('./commands/status.ts')).defineStatus,
    },
    metrics: {
      description: "show a Prometheus on this machine the figures of the cluster's processes here",
      load: async () => (await import('./commands/metrics.ts')).defineMetrics,
    },
    dashboard: {
      description: 'show the cluster in the browser, as it is and as it was',
      load: async () => (await import('./commands/dashboard.ts')).defineDashboard,
    },
    kubeconfig: {
      description: "print the administrator's kubeconfig",
      load: async () => (await import('./commands/kubeconfig.ts')).defineKubeconfig,
    },
    backup: {
      description: 'copy the log and the keys of the cluster of this machine while it runs',
      load: async () => (await import('./commands/backup.ts')).defineBackup,
    },
    reset: {
      description:
        'stop the cluster of this machine and remove its containers, its log, everything',
      load: async () => (await import('./commands/reset.ts')).defineReset,
    },
  },
  'Several machines': {
    token: {
      description: 'make, list and delete the tokens by which other machines join',
      load: async () => (await import('./commands/token.ts')).defineToken,
    },
    join: {
      description: 'make this machine a node of a cluster whose control plane is elsewhere',
      load: async () => (await import('./commands/join.ts')).defineJoin,
    },
    leave: {
      description:
        'end what "join" began: the node goes from the cluster, and everything of it from this machine',
      load: async () => (await import('./commands/leave.ts')).defineLeave,
    },
    service: {
      description: 'have systemd start what runs here whenever the machine is started',
      load: async () => (await import('./commands/service.ts')).defineService,
    },
  },
  'Why, and what if': {
    why: {
      description: 'explain where a pod was placed, or why it is pending and what would place it',
      load: async () => (await import('./commands/why.ts')).defineWhy,
    },
    'why-not': {
      description: 'explain why a pod is not on a node, as things are now: every rule asked alone',
      load: async () => (await import('./commands/why-not.ts')).defineWhyNot,
    },
    'what-if': {
      description: 'tell where pods would be if something were otherwise; nothing is changed',
      load: async () => (await import('./commands/what-if.ts')).defineWhatIf,
    },
    replay: {
      description:
        'compute the recorded scheduling decisions again, and tell which come out otherwise',
      load: async () => (await import('./commands/replay.ts')).defineReplay,
    },
    policy: {
      description:
        'show how pods are placed (a KubeSchedulerConfiguration), or change it from now on',
      load: async () => (await import('./commands/policy.ts')).definePolicy,
    },
  },
  'The past': {
    log: {
      description:
        'print the log of events: position, time, actor, stream, event, the change in one line',
      load: async () => (await import('./commands/log.ts')).defineLog,
    },
    history: {
      description: 'tell what became of an object: each change, when, by whom, which fields',
      load: async () => (await import('./commands/history.ts')).defineHistory,
    },
    blame: {
      description: 'tell of each field of an object who gave it its value, and when',
      load: async () => (await import('./commands/blame.ts')).defineBlame,
    },
    diff: {
      description: 'tell what differs in the cluster between two moments, and by whom',
      load: async () => (await import('./commands/diff.ts')).defineDiff,
    },
    trace: {
      description: 'tell what followed from a request, step by step, or why an object is there',
      load: async () => (await import('./commands/trace.ts')).defineTrace,
    },
    at: {
      description: 'run a command with the cluster as it was: reckon at 10m -- kubectl get pods',
      load: async () => (await import('./commands/at.ts')).defineAt,
    },
    context: {
      description: 'add a context to the kubeconfig for the cluster as it was',
      load: async () => (await import('./commands/context.ts')).defineContext,
    },
    bisect: {
      description: 'find the event from which on a check fails',
      load: async () => (await import('./commands/bisect.ts')).defineBisect,
    },
    undo: {
      description:
        'take back what a request, a user or a namespace changed; shown before it is done',
      load: async () => (await import('./commands/undo.ts')).defineUndo,
    },
    restore: {
      description: 'bring back a deleted object, or any object as it was at a moment',
      load: async () => (await import('./commands/restore.ts')).defineRestore,
    },
  },
  Incidents: {
    export: {
      description: 'write the log, or a span of it, as one file, without the values of Secrets',
      load: async () => (await import('./commands/export.ts')).defineExport,
    },
    open: {
      description:
        'serve a file of "export", on any machine, for kubectl and all that tells of the past',
      load: async () => (await import('./commands/open.ts')).defineOpen,
    },
  },
  Requests: {
    route: {
      description:
        'tell where a request goes: Ingress, Service, endpoints, and the events that made it so',
      load: async () => (await import('./commands/route.ts')).defineRoute,
    },
    'access-log': {
      description: "print the requests that this machine's edge answered",
      load: async () => (await import('./commands/access-log.ts')).defineAccessLog,
    },
    'envoy-config': {
      description:
        "print all that this machine's Envoy was told, as a file by which one runs alone",
      load: async () => (await import('./commands/envoy-config.ts')).defineEnvoyConfig,
    },
  },
  More: {
    plugins: {
      description: 'make kubectl know the commands about the past: plugins install',
      load: async () => (await import('./commands/plugins.ts')).definePlugins,
    },
    'event-store': {
      description: "run the embedded event store alone: EventStoreDB's protocol over SQLite",
      load: async () => (await import('./commands/event-store.ts')).defineEventStore,
    },
  },
}
