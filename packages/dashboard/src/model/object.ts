/** An object of the API, as far as a page about any kind reads it. */
export type AnyObject = {
  kind?: string
  apiVersion?: string
  metadata?: {
    name?: string
    namespace?: string
    uid?: string
    creationTimestamp?: string
    deletionTimestamp?: string
    labels?: Readonly<Record<string, string>>
    annotations?: Readonly<Record<string, string>>
    ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string }[]
    managedFields?: unknown
  }
  spec?: {
    nodeName?: string
    containers?: { name: string; image?: string }[]
    replicas?: number
    unschedulable?: boolean
  }
  status?: { conditions?: Condition[]; containerStatuses?: ContainerStatus[] }
  data?: Readonly<Record<string, unknown>>
}

export type Condition = {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string
}

type ContainerStatus = {
  name: string
  ready?: boolean
  restartCount?: number
  state?: Readonly<Record<string, { reason?: string }>>
}

export type ShownContainer = {
  readonly name: string
  readonly image: string
  readonly state: string
  readonly restarts: number
}

/** A pod's containers with what became of each; none of what is no pod. */
export function containersIn({ spec, status }: AnyObject): readonly ShownContainer[] {
  return (spec?.containers ?? []).map(({ name, image = '' }) => {
    const told = status?.containerStatuses?.find((each) => each.name === name)
    const [[state, { reason = '' } = {}] = ['']] = Object.entries(told?.state ?? {})
    return { name, image, state: reason || state, restarts: told?.restartCount ?? 0 }
  })
}

/** As it is read: without what servers note for themselves, and without the values of a Secret. */
export function readableOf(object: AnyObject): AnyObject {
  const { managedFields: _, ...metadata } = object.metadata ?? {}
  const { data } = object
  if (object.kind !== 'Secret' || data === undefined) return { ...object, metadata }
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(
      ([name]) => !name.endsWith('/last-applied-configuration'),
    ),
  )
  return {
    ...object,
    metadata: { ...metadata, annotations },
    data: Object.fromEntries(Object.keys(data).map((name) => [name, '(secret)'])),
  }
}
