import { DomainError, fold, type Decider, type Decision, type DomainEvent, type EpochMillis, type EventId } from '@rollcall/kernel';

import { decode, type Definitions } from './decode.js';
import type { ClaimChange, EventMetadata, EventStore, NewEvent, Revision, StoredEvent, Subject } from './event-store.js';
import { WrongRevision } from './store-errors.js';

/** What the loop needs of a call. `CallContext` of the contracts has this shape. */
export interface Caused {
  readonly correlationId: string;
  readonly operation: string;
  readonly caller: Readonly<{ kind: string; id: string }>;
  /** SHA-256 over the request as its sender repeats it; absent if the sender gave no invocation id. */
  readonly requestKey?: string | undefined;
  readonly effects: { readonly eventIds: string[] };
}

/** Ids of what a call makes: derived from its request key where there is one, so that a repeat makes the same ids. */
export interface RequestIds {
  /** The n-th id (from 0) of this purpose in this call, in UUID form. */
  derive(requestKey: string | undefined, purpose: string, n: number): string;
}

export interface Loaded<State> {
  readonly state: State;
  readonly revision: Revision;
}

/** A stream of one aggregate and how to read it. */
export interface Aggregate<Command, State, Event extends DomainEvent> {
  readonly decider: Decider<Command, State, Event>;
  readonly definitions: Definitions<Event>;
}

export interface Executed<State> extends Loaded<State> {
  /** Ids of what this call appended, or had appended when it was first made. */
  readonly eventIds: readonly string[];
}

const ATTEMPTS = 8;
const REPEAT_WINDOW_MILLIS = 10 * 60 * 1000;

/** The state of an aggregate, folded from its stream. */
export async function load<Command, State, Event extends DomainEvent>(
  store: Pick<EventStore, 'read'>,
  { decider, definitions }: Aggregate<Command, State, Event>,
  stream: string,
): Promise<Loaded<State> & { readonly stored: readonly StoredEvent[] }> {
  const { events, revision } = await store.read(stream);
  return { state: fold(decider, events.map((stored) => decode(definitions, stored))), revision, stored: events };
}

/**
 * Load, decide, append; on a conflict again, with nothing slow in between: facts were made before. A request that is
 * repeated within 10 minutes after its events were stored is not decided twice, it is answered from the state.
 *
 * @param options.claims what the events take or release; asked anew at each attempt, as it may depend on the state
 * @throws the decision's refusal, after its events (if any) are stored
 * @throws {WrongRevision} after 8 conflicts in a row
 */
export async function execute<Command, State, Event extends DomainEvent>(
  needs: { readonly store: EventStore; readonly ids: RequestIds; readonly now: () => EpochMillis },
  aggregate: Aggregate<Command, State, Event>,
  stream: string,
  command: Command,
  call: Caused,
  options: { readonly subject?: Subject | undefined; readonly claims?: ((state: State) => ClaimChange | undefined) | undefined } = {},
): Promise<Executed<State>> {
  for (let attempt = 1; ; attempt++) {
    const { state, revision, stored } = await load(needs.store, aggregate, stream);
    const { purpose, firstId, repeated } = firstTimeOf(needs, stream, call.requestKey, stored);
    if (repeated) {
      const eventIds = stored.filter((event) => event.meta.correlationId === repeated.meta.correlationId).map((event) => event.id);
      call.effects.eventIds.push(...eventIds);
      if (repeated.meta.refused) throw new DomainError(repeated.meta.refused.code, repeated.meta.refused.details);
      return { state, revision, eventIds };
    }

    const decision = aggregate.decider.decide(command, state);
    const events = decision.events.map((event, n): NewEvent => ({
      id: (n === 0 ? firstId : needs.ids.derive(call.requestKey, purpose, n)) as EventId,
      type: event.type,
      version: event.version,
      data: event.data,
      ...(event.personal === undefined || event.personal === null ? {} : { personal: event.personal }),
      ...(options.subject ? { subject: options.subject } : {}),
    }));
    let at = revision;
    if (events.length > 0) {
      const claims = decision.kind === 'accepted' ? options.claims?.(state) : undefined;
      try {
        at = (await needs.store.append(stream, revision, events, { meta: metadataOf(call, claims, decision), ...(claims ? { claims } : {}) })).revision;
      } catch (error) {
        if (error instanceof WrongRevision && attempt < ATTEMPTS) continue;
        throw error;
      }
      call.effects.eventIds.push(...events.map((event) => event.id));
    }
    if (decision.kind === 'refused') throw decision.error;
    return { state: decision.events.reduce((before, event) => aggregate.decider.evolve(before, event), state), revision: at, eventIds: events.map((event) => event.id) };
  }
}

/**
 * The event that this request stored when it was made before, if any. After the window the same request is a new wish,
 * whose events need ids of their own: consumers tell events apart by them.
 */
function firstTimeOf(
  { ids, now }: { readonly ids: RequestIds; readonly now: () => EpochMillis }, stream: string, requestKey: string | undefined, stored: readonly StoredEvent[],
): { readonly purpose: string; readonly firstId: string; readonly repeated: StoredEvent | undefined } {
  for (let purpose = `event ${stream}`; ; purpose = `${purpose} again`) {
    const firstId = ids.derive(requestKey, purpose, 0);
    const found = requestKey === undefined ? undefined : stored.find((event) => event.id === firstId);
    if (!found || now() - found.recordedAt < REPEAT_WINDOW_MILLIS) return { purpose, firstId, repeated: found };
  }
}

function metadataOf(call: Caused, claims: ClaimChange | undefined, decision: Decision<unknown>): EventMetadata {
  const { correlationId, operation, caller } = call;
  const claimIds = claims?.take?.map((claim) => claim.claimId) ?? [];
  return {
    correlationId,
    operation,
    caller: { kind: caller.kind, id: caller.id },
    ...(claimIds.length > 0 ? { claimIds } : {}),
    ...(decision.kind === 'refused' ? { refused: { code: decision.error.code, details: decision.error.details } } : {}),
  };
}
