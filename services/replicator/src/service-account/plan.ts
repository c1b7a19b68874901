import { defaultAccount } from '@reckon/domain'
import { isTerminating, type Namespace, type ServiceAccount } from '@reckon/kubernetes'

export type Step = { type: 'CreateAccount'; account: ServiceAccount }

/** Creates the ServiceAccount `default` in a namespace that is not terminating. Pure. */
export function plan(
  namespace: Namespace | undefined,
  account: ServiceAccount | undefined,
): readonly Step[] {
  if (namespace === undefined || isTerminating(namespace) || account !== undefined) return []
  const metadata = { name: defaultAccount, namespace: namespace.metadata.name }
  return [
    { type: 'CreateAccount', account: { apiVersion: 'v1', kind: 'ServiceAccount', metadata } },
  ]
}
