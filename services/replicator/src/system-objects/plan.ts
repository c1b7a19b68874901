import { isDeepEqual, type KubernetesObject } from '@reckon/kubernetes'

export type Step =
  | { type: 'Create'; wanted: KubernetesObject }
  | { type: 'Update'; current: KubernetesObject; wanted: KubernetesObject }

/** Fields that say where requests go; all others are the user's to change once the object exists. */
const kept = ['endpoints', 'subsets', 'ports']

/** Creates missing objects, and keeps the fields that say where requests go. Pure. */
export const plan = (
  wanted: readonly KubernetesObject[],
  find: (wanted: KubernetesObject) => KubernetesObject | undefined,
): readonly Step[] =>
  wanted.flatMap((each): Step[] => {
    const current = find(each)
    if (current === undefined) return [{ type: 'Create', wanted: each }]
    const isAsWanted = isDeepEqual(keptOf(current), keptOf(each))
    return isAsWanted ? [] : [{ type: 'Update', current, wanted: each }]
  })

/** The object with these fields of another one. */
export const withKept = (object: KubernetesObject, wanted: KubernetesObject): KubernetesObject => ({
  ...object,
  ...keptOf(wanted),
})

const keptOf = (object: KubernetesObject) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => kept.includes(name)))
