import { isDeepEqual, type Pod } from '@reckon/kubernetes'

/** Whether only what the node itself reports has changed. */
export function isSameDesired(before: Pod | undefined, after: Pod): boolean {
  if (before === undefined) return false
  const desired = ({ spec, metadata }: Pod) => {
    const { resourceVersion: _version, managedFields: _managed, ...rest } = metadata
    return { spec, metadata: rest }
  }
  return isDeepEqual(desired(before), desired(after))
}
