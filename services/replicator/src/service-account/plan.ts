import { defaultAccount } from '@reckon/domain'
import { isTerminating, type Namespace, type ServiceAccount } from '@reckon/kubernetes'

export type Step = { type: 'CreateAccount'; account: ServiceAccount }

/** A living namespace has its account `default`. Pure. */
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
