/** The rules of one aggregate: how events make its state, and which events a command makes in a state. */
export type Decider<Command, State, Event> = {
  initial: State
  evolve(state: State, event: Event): State
  decide(command: Command, state: State): readonly Event[]
}
