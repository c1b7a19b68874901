import type { Objects } from '@reckon/domain'
import type { KubernetesObject, OwnerReference, Resource } from '@reckon/kubernetes'
import {
  type Family,
  familyHead,
  type Labels,
  labelsText,
  type Sample,
  sampleLine,
} from '@reckon/process'

/**
 * A metric of kube-state-metrics, and what it says of one object; the labels that name the object come by themselves.
 */
export type StateFamily<T> = Family & { samplesOf(object: T): readonly Sample[] }

/** Hears of an object that a bug keeps from being told. */
export type Untold = (resource: Resource, object: KubernetesObject, error: unknown) => void

/**
 * The metrics of all objects of one kind, one object of one metric after the other; '' where it has nothing to tell.
 * One that a bug keeps from being told keeps no other from it.
 */
export type KindState = (objects: Objects, untold: Untold) => Generator<string>

/** The metrics of a kind; `labelsOf` names an object in each of them. */
export const kindState = <T extends KubernetesObject>(
  resource: Resource<T>,
  labelsOf: (object: T) => Labels,
  families: readonly StateFamily<T>[],
): KindState =>
  function* (objects, untold) {
    const all = objects.list(resource)
    const names: string[] = []
    const broken = new Set<number>()
    for (const family of families) {
      let isBegun = false
      for (const [index, { object }] of all.entries()) {
        if (broken.has(index)) continue
        let lines = ''
        try {
          names[index] ??= labelsText(labelsOf(object))
          lines = linesOf(family, names[index], object)
        } catch (error) {
          broken.add(index)
          untold(resource, object, error)
        }
        yield lines === '' || isBegun ? lines : familyHead(family) + lines
        isBegun ||= lines !== ''
      }
    }
  }

function linesOf<T>(family: StateFamily<T>, name: string, object: T): string {
  const lines = family.samplesOf(object).map(({ labels, value }) => {
    const own = labelsText(labels)
    return sampleLine(family.name, own ? `${name},${own}` : name, value)
  })
  return lines.join('')
}

/** How a namespaced object is named: by its namespace and, under this label, its name. */
export const named =
  (label: string) =>
  ({ metadata: { namespace = '', name } }: KubernetesObject): Labels => ({
    namespace,
    [label]: name,
  })

export const gauge = <T>(
  name: string,
  help: string,
  samplesOf: (object: T) => readonly Sample[],
): StateFamily<T> => ({ name, help, type: 'gauge', samplesOf })

/** One number of each object; none where it is undefined. */
export const amount = <T>(
  name: string,
  help: string,
  amountOf: (object: T) => number | boolean | undefined,
): StateFamily<T> => gauge(name, help, (object) => valueSample(amountOf(object)))

/** What labels say of each object. */
export const info = <T>(
  name: string,
  help: string,
  labelsOf: (object: T) => Labels,
): StateFamily<T> => gauge(name, help, (object) => [{ labels: labelsOf(object), value: 1 }])

export const created = (name: string): StateFamily<KubernetesObject> =>
  amount(name, 'When it was made, in seconds since the Unix epoch', ({ metadata }) =>
    seconds(metadata.creationTimestamp),
  )

export const generation = (name: string): StateFamily<KubernetesObject> =>
  amount(name, 'How often what is wanted of it has changed', ({ metadata }) => metadata.generation)

const valueSample = (value: number | boolean | undefined): readonly Sample[] =>
  value === undefined ? [] : [{ labels: {}, value: Number(value) }]

/** One sample for each value that a label may have: 1 for the one that it has. */
export const oneOf = (
  label: string,
  values: readonly string[],
  actual: string | undefined,
): readonly Sample[] =>
  values.map((value) => ({ labels: { [label]: value }, value: Number(value === actual) }))

const statuses = ['true', 'false', 'unknown']

/** As it stands in objects: whoever writes a status may leave out what a condition is. */
type Conditions = readonly { type: string; status?: string }[]

/** Three samples for each condition: 1 for what it is. */
export const conditionSamples = (conditions: Conditions = []): readonly Sample[] =>
  conditions.flatMap(({ type, status }) =>
    statuses.map((each) => ({
      labels: { condition: type, status: each },
      value: Number(each === status?.toLowerCase()),
    })),
  )

/** Three samples for the condition of this type, where there is one: 1 for what it is. */
export function conditionSample(
  status: { conditions?: Conditions } | undefined,
  type: string,
): readonly Sample[] {
  const found = status?.conditions?.find((each) => each.type === type)
  return found === undefined ? [] : oneOf('condition', statuses, found.status?.toLowerCase())
}

/** Whose an object is; one sample with empty labels where it is nobody's. */
export function ownerSamples({ metadata }: KubernetesObject): readonly Sample[] {
  const owners: readonly Partial<OwnerReference>[] = metadata.ownerReferences ?? []
  return (owners.length > 0 ? owners : [{}]).map(({ kind = '', name = '', controller }) => ({
    labels: {
      owner_kind: kind,
      owner_name: name,
      owner_is_controller: kind === '' ? '' : String(controller === true),
    },
    value: 1,
  }))
}

/** A time of the API, in seconds since the Unix epoch. */
export const seconds = (time: string | undefined): number | undefined =>
  time === undefined ? undefined : Date.parse(time) / 1000
