/** The key by which the cluster signs the tokens of its service accounts, as a port. */
export interface TokenKey {
  /** What a token says, signed (a JWS in its compact form). */
  sign(claims: object): Promise<string>
  /** What a token says that this key signed, whether it still holds or not; undefined for every other text. */
  verify(token: string): Promise<unknown>
  /** What others verify it by: the keys of a JWK set, and how it signs. */
  readonly publicKeys: readonly object[]
  readonly algorithm: string
}
