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

/** The token to issue; without `audiences` it is for the api itself. */
export type TokenOptions = {
  account: KubernetesObject
  bound: Bound
  audiences?: readonly string[]
  lastsSeconds: number
}

/** A service account token and its claims. */
export type IssuedToken = { token: string; claims: AccountClaims }

/** How many verified tokens are cached: a client sends the same one with each request. */
const rememberedMax = 4_096

/** Issues and verifies the tokens of service accounts. */
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

  /**
   * The account of a token and the matching audiences, or why the token is not valid. By default it must be meant for
   * the api.
   */
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
