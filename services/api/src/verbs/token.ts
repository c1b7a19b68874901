import { type Bound, named } from '@reckon/domain'
import {
  badRequest,
  conflict,
  type FieldError,
  invalid,
  invalidValue,
  type KubernetesObject,
  nodes,
  notFound,
  type Options,
  pods,
  secondsOf,
  secrets,
} from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { AccountTokens } from '../access/account-tokens.ts'
import type { ApiPorts } from '../ports.ts'
import { routeObjects } from '../requests/object-routes.ts'
import { plainObject } from '../requests/request-body.ts'
import { authorizeObjects } from '../requests/request-context.ts'
import { waitForVersion } from './resource-version.ts'

type TokenRequestSpec = Partial<NonNullable<Options['TokenRequest']['spec']>>

const kind = { group: 'authentication.k8s.io', kind: 'TokenRequest' }
const lastsSecondsDefault = 3_600
const lastsSecondsMin = 600

/**
 * POST …/serviceaccounts/{name}/token: issues a token of the account, bound to an object if the request names one.
 * Nothing is recorded.
 */
export const token: FastifyPluginAsync<{ ports: ApiPorts; tokens: AccountTokens }> = async (
  app,
  { ports, tokens },
) => {
  const route = { method: 'POST', shape: 'item', subresource: 'token' } as const
  routeObjects(app, ports.objects.resources, route, async (served, request, reply) => {
    authorizeObjects(request, 'create', served)
    const { namespace = '', name } = request.params
    const spec: TokenRequestSpec = plainObject(request, 'TokenRequest')?.spec ?? {}
    const { audiences = [], boundObjectRef, expirationSeconds = lastsSecondsDefault } = spec
    const errors = lifetimeErrors(expirationSeconds)
    if (errors.length > 0) throw invalid(kind, '', errors)
    await waitForVersion(ports, {})
    const account = ports.objects.get(served.resource, namespace, name)?.object
    if (account === undefined) throw notFound(served.resource, name)
    const bound = boundObjectRef ? boundTo(ports, account, boundObjectRef) : {}
    const options = { account, bound, audiences, lastsSeconds: expirationSeconds }
    const issued = await tokens.issue(options)
    reply.code(201)
    return {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: secondsOf(ports.clock.now()) },
      spec: {
        audiences: issued.claims.aud,
        expirationSeconds,
        boundObjectRef: boundObjectRef ?? null,
      },
      status: {
        token: issued.token,
        expirationTimestamp: secondsOf((issued.claims.exp ?? 0) * 1000),
      },
    }
  })
}

function lifetimeErrors(seconds: number): FieldError[] {
  const field = 'spec.expirationSeconds'
  if (seconds < lastsSecondsMin) {
    return [invalidValue(field, seconds, 'may not specify a duration less than 10 minutes')]
  }
  if (seconds <= 2 ** 32) return []
  return [invalidValue(field, seconds, 'may not specify a duration larger than 2^32 seconds')]
}

type Ref = NonNullable<TokenRequestSpec['boundObjectRef']>

/** The object that a token is bound to. As upstream, it must exist, and a pod must run as the account. */
function boundTo(ports: ApiPorts, account: KubernetesObject, ref: Ref): Bound {
  const { namespace = '', name: accountName } = account.metadata
  const { apiVersion, kind = '', name = '', uid } = ref
  const bindable = { Pod: pods, Secret: secrets, Node: nodes }
  const resource = Object.entries(bindable).find(([each]) => each === kind)?.[1]
  if (apiVersion !== 'v1' || resource === undefined) {
    throw badRequest(`cannot bind token to object of type ${apiVersion}, Kind=${kind}`)
  }
  const home = resource.namespaced ? namespace : ''
  const object = ports.objects.get<KubernetesObject>(resource, home, name)?.object
  if (object === undefined) throw notFound(resource, name)
  if (uid && uid !== object.metadata.uid) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`
    throw conflict(resource, name, why)
  }
  if (kind === 'Node') return { node: named(object) }
  if (kind === 'Secret') return { secret: named(object) }
  const pod = ports.objects.get(pods, namespace, name)?.object
  if (pod?.spec.serviceAccountName !== accountName) {
    const why = `cannot bind token for serviceaccount "${accountName}" to pod running with different serviceaccount name.`
    throw badRequest(why)
  }
  const node = ports.objects.get(nodes, '', pod.spec.nodeName ?? '')?.object
  return { pod: named(pod), ...(node && { node: named(node) }) }
}
