/** Who asks: a user's name and the groups that they are in, as authenticated. */
export type Requester = { name: string; groups: readonly string[] }

/** What somebody wants to do: to objects of a resource, or on a path that belongs to none. */
export type Access = { verb: string } & (
  | { path: string }
  | {
      resource: { group: string; plural: string }
      subresource?: string
      namespace?: string
      name?: string
    }
)
