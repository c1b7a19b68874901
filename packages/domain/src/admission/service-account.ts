import { forbidden, isOf, type Pod, pods, serviceAccounts } from '@reckon/kubernetes'
import type { AdmissionPlugin, MutatingPlugin } from './admission.ts'
import { withToken } from './token-volume.ts'

/** The account of every namespace; the replicator creates it. */
export const defaultAccount = 'default'

/**
 * Gives a pod its ServiceAccount (`default` if it names none) and, if it has none, that account's image pull secrets.
 * As upstream's plugin, it also mounts the account's token unless the pod or the account says no. The account `default`
 * may still be missing in a new namespace.
 */
export const serviceAccount: MutatingPlugin & AdmissionPlugin = {
  name: 'ServiceAccount',

  mutate({ object, before }, others, ids) {
    if (before !== undefined || !isOf(pods, object)) return object
    const { namespace = '' } = object.metadata
    const name = accountOf(object)
    const account = others.get(serviceAccounts, namespace, name)?.object
    const pullSecrets = object.spec.imagePullSecrets ?? account?.imagePullSecrets
    const spec = {
      ...object.spec,
      serviceAccountName: name,
      serviceAccount: name,
      ...(pullSecrets && { imagePullSecrets: pullSecrets }),
    }
    const { automountServiceAccountToken: isAutomatic = account?.automountServiceAccountToken } =
      object.spec
    return { ...object, spec: isAutomatic === false ? spec : withToken(spec, ids) }
  },

  admit({ object, before }, others) {
    if (before !== undefined || !isOf(pods, object)) return
    const { name, namespace = '' } = object.metadata
    const account = accountOf(object)
    if (account === defaultAccount || others.get(serviceAccounts, namespace, account)) return
    const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`
    throw forbidden(pods, name, why)
  },
}

const accountOf = ({ spec: { serviceAccountName, serviceAccount } }: Pod): string =>
  serviceAccountName || serviceAccount || defaultAccount
