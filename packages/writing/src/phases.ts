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
import type { Known } from './known.ts'
import { resourceQuota } from './quota/resource-quota.ts'
import type { ReservePlugin, Transition } from './reserve-plugin.ts'
import { uniqueValues } from './unique-values.ts'
import type { WritePorts } from './write-ports.ts'

/** Fills in what the request leaves open, from the object alone. */
type DefaultPlugin = (write: Write) => KubernetesObject
/** Makes of the object what the server decides, looking around. */
type MutatePlugin = (
  write: Write,
  context: PrepareContext,
  others: OtherObjects,
) => KubernetesObject
/** Refuses what is no such object, or no such change of it. */
type ValidatePlugin = (write: Write) => void

/** A pod that is bound was filled in when it was made. */
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

/** Before the kind's own rules: the quality of service follows from what a pod asks for. */
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

/** `metadata.generation` counts what was asked for, not what became of it. */
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

/** What every object goes through before it is recorded: each phase in turn, each plugin of it in turn. */
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
  phases.default.reduce((object, fill) => fill({ ...write, object }), write.object)

export const mutated = (
  write: Write,
  context: PrepareContext,
  others: OtherObjects,
): KubernetesObject =>
  phases.mutate.reduce((object, make) => make({ ...write, object }, context, others), write.object)

export function validate(write: Write): void {
  for (const check of phases.validate) check(write)
}

export function admit(write: Write, known: Known): void {
  for (const plugin of phases.admit) plugin.admit(write, known)
}

/** Gets what the object must have alone, or nothing of it. */
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

/** Gives back what the object no longer has. */
export const release = (ports: WritePorts, transition: Transition): Promise<void> =>
  releaseBy(phases.reserve, ports, transition)

/** The way back, where a transition was not recorded. */
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
