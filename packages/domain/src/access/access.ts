/** A user: the name and groups, as authenticated. */
export type Requester = { name: string; groups: readonly string[] }

/** What a user wants to do: to objects of a resource, or on a path that is not an object's. */
export type Access = { verb: string } & (
  | { path: string }
  | {
      resource: { group: string; plural: string }
      subresource?: string
      namespace?: string
      name?: string
    }
)
