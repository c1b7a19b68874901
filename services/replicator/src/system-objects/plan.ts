import { isDeepEqual, type KubernetesObject } from '@reckon/kubernetes'

export type Step =
  | { type: 'Create'; wanted: KubernetesObject }
  | { type: 'Update'; current: KubernetesObject; wanted: KubernetesObject }

/** What says where requests go; all else is its owner's to change once it is there. */
const kept = ['endpoints', 'subsets', 'ports']

/** What is missing is made; whom a Service leads to is kept as it is wanted. Pure. */
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

/** The object with what is kept of another one. */
export const withKept = (object: KubernetesObject, wanted: KubernetesObject): KubernetesObject => ({
  ...object,
  ...keptOf(wanted),
})

const keptOf = (object: KubernetesObject) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => kept.includes(name)))
