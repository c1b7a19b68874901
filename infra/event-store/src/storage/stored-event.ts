/** One row of a read: the position, and the `ReadResp` to send as it is. */
export interface StoredEvent {
  readonly position: number
  readonly revision: number
  readonly created: number
  readonly type: string
  readonly stream: string
  readonly message: Buffer
}
