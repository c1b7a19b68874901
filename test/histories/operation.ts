/** Which object: of `configmaps` or `deployments.apps`; the namespace is empty for what has none. */
export type Ref = { resource: string; namespace: string; name: string }

/** What must hold of an object when it is written. `token`: a JSON patch that tests it. */
export type Precondition = { version?: bigint; uid?: string; token?: string }

/** Which objects a list or a watch is about. */
export type Scope = {
  resource: string
  namespace?: string
  labels?: Readonly<Record<string, string>>
}

/** An object as a client was shown it. A workload writes another token with each write, so that states differ. */
export type Seen = {
  ref: Ref
  uid: string
  version: bigint
  token?: string
  isTerminating?: boolean
}

/** What a client asked for. The version of a read is 0 where any will do, absent where the newest is wanted. */
export type Asked =
  | { verb: 'create'; ref: Ref; token: string; isNameGenerated?: boolean }
  | { verb: 'update' | 'patch'; ref: Ref; token: string; precondition?: Precondition }
  | { verb: 'delete'; ref: Ref; precondition?: Precondition }
  | { verb: 'get'; ref: Ref; version?: bigint }
  | {
      verb: 'list'
      scope: Scope
      limit?: number
      version?: bigint
      /** The version itself is wanted, not one that is as new. */
      isExact?: boolean
      /** The page after this object, which was the last of the page before. */
      after?: Ref
    }
  /** `Initial`: every object as it is first, and a bookmark that ends these. */
  | { verb: 'watch'; scope: Scope; since: bigint | 'Initial' }

/** A line of a watch. */
export type WatchLine =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; seen: Seen }
  | { type: 'BOOKMARK'; version: bigint; isInitialEnd: boolean }

/** What a watch told, and when it was heard. */
export type ReceivedLine = WatchLine & { at: number }

export type Refusal = {
  type: 'Refused'
  code: number
  reason: string
  /** What the refusal is about, by its details. */
  about?: { resource: string; name: string }
}

export type Answer =
  | Refusal
  /** 504, a cut connection, a killed api: done at any time, or never. */
  | { type: 'Unknown' }
  | { type: 'Done'; seen: Seen }
  /** A deletion after which nothing is left; the answer names the uid. */
  | { type: 'Gone'; uid: string }
  | { type: 'Listed'; version: bigint; items: readonly Seen[]; goesOn: boolean }
  /** `error` is what the watch itself told as its end. */
  | { type: 'Watched'; received: readonly ReceivedLine[]; error?: Refusal }

/** When the answer came, and the Audit-Id that it bore. */
export type Answered = Answer & { at: number; auditId?: string }

/** One request and how it was answered, if it ever was. The times are the recorder's: no two are equal. */
export type Operation = {
  id: string
  client: string
  asked: Asked
  invokedAt: number
  answer?: Answered
}

export const keyOf = ({ resource, namespace, name }: Ref): string =>
  `${resource} ${namespace}/${name}`
