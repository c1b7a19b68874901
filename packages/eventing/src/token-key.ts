/** The key by which the cluster signs the tokens of its service accounts, as a port. */
export interface TokenKey {
  /** Signs claims as a token (JWS, compact form). */
  sign(claims: object): Promise<string>
  /** The claims of a token that this key signed, expired or not; undefined for any other text. */
  verify(token: string): Promise<unknown>
  /** For those who verify tokens: the keys of a JWK set, and the algorithm. */
  readonly publicKeys: readonly object[]
  readonly algorithm: string
}
