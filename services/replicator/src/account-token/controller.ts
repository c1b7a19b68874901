import { claimsFor, issuerOf, named, type Objects, settingsOf } from '@reckon/domain'
import type { TokenKey } from '@reckon/eventing'
import {
  isOf,
  type KubernetesObject,
  namesOf,
  objectKey,
  type Secret,
  type ServiceAccount,
  secrets,
  serviceAccounts,
} from '@reckon/kubernetes'
import { type Context, type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { accountNameOf, filled, plan } from './plan.ts'

type Given = { rootCa: string; tokenKey: TokenKey }

/**
 * Fills Secrets of the type `kubernetes.io/service-account-token` with a token that is valid as long as the Secret
 * exists.
 */
export const accountTokenController = ({ rootCa, tokenKey }: Given): Controller => ({
  name: 'tokens-controller',

  keysOf({ type, stored: { object } }, objects) {
    if (isOf(secrets, object))
      return type !== 'DELETED' && accountNameOf(object) ? [keyOf(object)] : []
    return isOf(serviceAccounts, object) ? secretsOf(object, objects).map(keyOf) : []
  },

  allKeys: (objects) =>
    objects.list(secrets).flatMap(({ object }) => (accountNameOf(object) ? [keyOf(object)] : [])),

  async reconcile(key, context) {
    const { objects, writerFor } = context
    const [namespace, name] = namesOf(key)
    const stored = objects.get(secrets, namespace, name)
    if (stored === undefined) return undefined
    const secret = stored.object
    const account = objects.get(serviceAccounts, namespace, accountNameOf(secret) ?? '')?.object
    const steps = planFor(secret, () => plan(secret, account, rootCa))
    const writer = writerFor(stored)
    await eachStep(steps, async (step) => {
      if (step.type === 'DeleteSecret') return writer.delete(secret)
      const { account, needsToken } = step
      const token = needsToken ? await signed(context, { tokenKey, account, secret }) : ''
      await writer.change(secret, (current) =>
        isOf(secrets, current) ? filled(current, { account, rootCa, token }) : current,
      )
    })
    return undefined
  },
})

const keyOf = ({ metadata }: KubernetesObject): string => objectKey(metadata)

const secretsOf = ({ metadata: { namespace, name } }: ServiceAccount, objects: Objects): Secret[] =>
  objects
    .list(secrets, namespace)
    .flatMap(({ object }) => (accountNameOf(object) === name ? [object] : []))

type Signing = { tokenKey: TokenKey; account: ServiceAccount; secret: Secret }

function signed({ objects, nowMs, ids }: Context, { tokenKey, account, secret }: Signing) {
  const issuer = issuerOf(settingsOf(objects).domain)
  const claims = claimsFor({
    ...{ account, bound: { secret: named(secret) }, issuer, audiences: [issuer] },
    ...{ id: ids.next(), nowSeconds: Math.floor(nowMs / 1000) },
  })
  return tokenKey.sign(claims)
}
