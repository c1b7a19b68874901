import type { Ingress, IngressClass } from '@reckon/kubernetes'
import { matches, nameIn } from './find-route.ts'
import { hostsFor } from './matching-host.ts'
import { normalPath } from './normal-path.ts'
import { ownRules } from './own-rules.ts'
import type { PathRule } from './path-rule.ts'
import { servedIngresses } from './served-ingresses.ts'

/** Why a matching rule is not used. */
type WhyNot = 'HostIsWider' | 'PrefixAfterExact' | 'PathIsShorter' | 'IngressIsYounger'

/** A rule that a request would use if there were no better one. */
export type OtherRule = {
  host: string
  match: PathRule['match']
  path: string
  ingress: string
  why: WhyNot
}

type Won = { host: string; rule: PathRule }

/** The other rules that a request matches, those of older Ingresses first. */
export function otherRules(
  ingresses: readonly Ingress[],
  classes: readonly IngressClass[],
  { request, won }: { request: { host: string; path: string }; won: Won },
): readonly OtherRule[] {
  const hosts = hostsFor(nameIn(request.host))
  const path = normalPath(request.path)
  const own = servedIngresses(ingresses, classes).flatMap((each) => ownRules(each).hosts)
  return own.flatMap(({ host, paths }) => {
    if (!hosts.includes(host)) return []
    const others = paths.filter((rule) => rule !== won.rule && matches(rule, path))
    return others.map((rule) => ({
      ...{ host, match: rule.match, path: rule.path },
      ingress: rule.origin.ingress,
      why: whyNot({ host, rule }, won),
    }))
  })
}

function whyNot({ host, rule }: Won, won: Won): WhyNot {
  if (host !== won.host) return 'HostIsWider'
  if (rule.match !== won.rule.match) return 'PrefixAfterExact'
  return rule.path.length < won.rule.path.length ? 'PathIsShorter' : 'IngressIsYounger'
}
