import {
  type AccountClaims,
  type Bound,
  claimsFor,
  claimsIn,
  issuerOf,
  judgeClaims,
  settingsOf,
  type TokenUser,
} from '@reckon/domain'
import { type KubernetesObject, StatusError } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import { judgedAtHead } from './judged-at-head.ts'

type TokenPorts = Pick<ApiPorts, 'objects' | 'known' | 'reader' | 'clock' | 'ids' | 'tokenKey'>

/** What is asked for; `audiences` is the api itself where none is named. */
export type TokenOptions = {
  account: KubernetesObject
  bound: Bound
  audiences?: readonly string[]
  lastsSeconds: number
}

/** A token of a service account, and what it says. */
export type IssuedToken = { token: string; claims: AccountClaims }

/** Verified tokens are remembered, so many: a client shows the same one with each request. */
const rememberedMax = 4_096

/** The tokens of service accounts: issues them, and says whose a token is. */
export class AccountTokens {
  readonly #ports: TokenPorts
  readonly #claims = new Map<string, AccountClaims>()

  constructor(ports: TokenPorts) {
    this.#ports = ports
  }

  get issuer(): string {
    return issuerOf(settingsOf(this.#ports.objects).domain)
  }

  async issue({
    account,
    bound,
    audiences = [],
    lastsSeconds,
  }: TokenOptions): Promise<IssuedToken> {
    const { tokenKey, clock, ids } = this.#ports
    if (tokenKey === undefined) {
      throw new StatusError('ServiceUnavailable', 'this server has no key to sign tokens with')
    }
    const claims = claimsFor({
      account,
      bound,
      issuer: this.issuer,
      audiences: audiences.length > 0 ? audiences : [this.issuer],
      id: ids.next(),
      nowSeconds: Math.floor(clock.now() / 1000),
      lastsSeconds,
    })
    return { token: await tokenKey.sign(claims), claims }
  }

  /** Whose token this is and for which of the audiences, or why it is nobody's; by default it has to be for the api. */
  async judge(
    token: string,
    audiences: readonly string[] = [this.issuer],
  ): Promise<{ user: TokenUser; audiences: readonly string[] } | { problem: string }> {
    const claims = await this.#verified(token)
    if (claims === undefined) return { problem: 'invalid bearer token' }
    const { known: others, clock } = this.#ports
    return judgedAtHead(this.#ports, () => {
      const nowSeconds = Math.floor(clock.now() / 1000)
      return judgeClaims(claims, { others, nowSeconds, issuer: this.issuer, audiences })
    })
  }

  async #verified(token: string): Promise<AccountClaims | undefined> {
    const known = this.#claims.get(token)
    if (known !== undefined) return known
    const claims = claimsIn(await this.#ports.tokenKey?.verify(token))
    if (claims === undefined) return undefined
    this.#claims.set(token, claims)
    for (const oldest of this.#claims.keys()) {
      if (this.#claims.size <= rememberedMax) break
      this.#claims.delete(oldest)
    }
    return claims
  }
}
