import {
  type AdmissionPlugin,
  certificateRequests,
  claimResize,
  customResourceLifecycle,
  defaultIngressClass,
  defaultStorageClass,
  limitRanger,
  namespaceLifecycle,
  type OtherObjects,
  type PrepareContext,
  priority,
  privilegeEscalation,
  rulesOf,
  runtimeClass,
  serviceAccount,
  serviceExternalIps,
  type Write,
} from '@reckon/domain'
import {
  isDeepEqual,
  isOf,
  type KubernetesObject,
  pods,
  validateCreate,
  validateEphemeralContainers,
  validateUpdate,
  withDefaults,
} from '@reckon/kubernetes'
import { resourceQuota } from './quota/resource-quota.ts'
import type { ReservePlugin, Transition } from './reserve-plugin.ts'
import { uniqueValues } from './unique-values.ts'
import type { WritePorts } from './write-ports.ts'
import type { WriterView } from './writer-view.ts'

/** Fills in defaults, from the object alone. */
type DefaultPlugin = (write: Write) => KubernetesObject
/** Changes the object as the server decides, considering other objects. */
type MutatePlugin = (
  write: Write,
  context: PrepareContext,
  others: OtherObjects,
) => KubernetesObject
/** Refuses an invalid object or an invalid change. */
type ValidatePlugin = (write: Write) => void

/** A pod that is bound got its defaults when it was created. */
const schemaDefaults: DefaultPlugin = ({ resource, object, subresource }) =>
  subresource === 'binding' ? object : withDefaults(resource, object)

const rulesOfKind: MutatePlugin = ({ resource, object, before, subresource }, around) => {
  const rules = rulesOf(resource)
  const context = { ...around, ...(subresource && { subresource }) }
  const prepared =
    before === undefined
      ? rules.prepareCreate?.(object, context)
      : rules.prepareUpdate?.(object, before, context)
  return prepared ?? object
}

/** Before the kind's own rules, because the quality of service follows from a pod's requests. */
const limitsOfPod: MutatePlugin = (write, { ids }, others) => limitRanger.mutate(write, others, ids)

const requesterOfCertificate: MutatePlugin = (write, { ids }, others) =>
  certificateRequests.mutate(write, others, ids)

const accountOfPod: MutatePlugin = (write, { ids }, others) =>
  serviceAccount.mutate(write, others, ids)

const priorityOfPod: MutatePlugin = (write, { ids }, others) => priority.mutate(write, others, ids)

const classOfIngress: MutatePlugin = (write, { ids }, others) =>
  defaultIngressClass.mutate(write, others, ids)

const classOfClaim: MutatePlugin = (write, { ids }, others) =>
  defaultStorageClass.mutate(write, others, ids)

/** `metadata.generation` counts changes of the wanted state, not of the status. */
const generation: MutatePlugin = ({ resource, object, before }) => {
  if (!rulesOf(resource).countsGeneration) return object
  if (before !== undefined && isDeepEqual(before.spec, object.spec)) return object
  const counted = (before?.metadata.generation ?? 0) + 1
  return { ...object, metadata: { ...object.metadata, generation: counted } }
}

const schemaAndKind: ValidatePlugin = ({ resource, object, before, subresource }) => {
  if (before === undefined) validateCreate(resource, object)
  else if (subresource === 'ephemeralcontainers' && isOf(pods, before) && isOf(pods, object)) {
    validateEphemeralContainers(before, object)
  } else if (subresource !== 'binding') validateUpdate(resource, before, object)
}

/** The phases that every object passes before it is recorded, and the plugins of each, in order. */
const phases: {
  default: readonly DefaultPlugin[]
  mutate: readonly MutatePlugin[]
  validate: readonly ValidatePlugin[]
  admit: readonly AdmissionPlugin[]
  reserve: readonly ReservePlugin[]
} = {
  default: [schemaDefaults],
  mutate: [
    limitsOfPod,
    rulesOfKind,
    accountOfPod,
    priorityOfPod,
    classOfIngress,
    classOfClaim,
    requesterOfCertificate,
    generation,
  ],
  validate: [schemaAndKind],
  admit: [
    namespaceLifecycle,
    customResourceLifecycle,
    limitRanger,
    serviceExternalIps,
    serviceAccount,
    priority,
    runtimeClass,
    privilegeEscalation,
    certificateRequests,
    claimResize,
  ],
  reserve: [resourceQuota, uniqueValues],
}

export const defaulted = (write: Write): KubernetesObject =>
  phases.default.reduce((now, fill) => withObject(now, fill(now)), write).object

export const mutated = (
  write: Write,
  context: PrepareContext,
  others: OtherObjects,
): KubernetesObject =>
  phases.mutate.reduce((now, make) => withObject(now, make(now, context, others)), write).object

/** Most plugins leave an object as it is. */
const withObject = (write: Write, object: KubernetesObject): Write =>
  object === write.object ? write : { ...write, object }

export function validate(write: Write): void {
  for (const check of phases.validate) check(write)
}

export function admit(write: Write, known: WriterView): void {
  for (const plugin of phases.admit) plugin.admit(write, known)
}

/** Reserves everything that the object needs for itself, or nothing. */
export async function reserve(ports: WritePorts, transition: Transition): Promise<void> {
  for (const [index, plugin] of phases.reserve.entries()) {
    try {
      await plugin.reserve(ports, transition)
    } catch (error) {
      await releaseBy(phases.reserve.slice(0, index), ports, backOf(transition))
      throw error
    }
  }
}

/** Releases what the object no longer has. */
export const release = (ports: WritePorts, transition: Transition): Promise<void> =>
  releaseBy(phases.reserve, ports, transition)

/** The inverse of a transition that was not recorded. */
export const backOf = ({ from, to, ...rest }: Transition): Transition => ({
  ...rest,
  from: to,
  to: from,
})

async function releaseBy(
  plugins: readonly ReservePlugin[],
  ports: WritePorts,
  transition: Transition,
): Promise<void> {
  for (const plugin of plugins) await plugin.release(ports, transition)
}
