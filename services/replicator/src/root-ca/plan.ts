import { type ConfigMap, isDeepEqual, isTerminating, type Namespace } from '@reckon/kubernetes'

export type Step =
  | { type: 'CreateConfigMap'; configMap: ConfigMap }
  | { type: 'ChangeConfigMap'; current: ConfigMap; data: Record<string, string> }

/** Where pods find the CA of the api's certificate. */
export const rootCaName = 'kube-root-ca.crt'

const annotations = {
  'kubernetes.io/description':
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
}

/** Creates or corrects the ConfigMap with the CA certificate in each namespace that is not terminating. Pure. */
export function plan(
  namespace: Namespace | undefined,
  current: ConfigMap | undefined,
  rootCa: string,
): readonly Step[] {
  if (namespace === undefined || isTerminating(namespace)) return []
  const data = { 'ca.crt': rootCa }
  if (current !== undefined) {
    const isRight = isDeepEqual(current.data, data) && current.binaryData === undefined
    return isRight ? [] : [{ type: 'ChangeConfigMap', current, data }]
  }
  const metadata = { name: rootCaName, namespace: namespace.metadata.name, annotations }
  const configMap: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }
  return [{ type: 'CreateConfigMap', configMap }]
}
