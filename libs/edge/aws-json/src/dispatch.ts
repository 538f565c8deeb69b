import { DomainError } from '@rollcall/kernel';

import { failure, success } from './answer.js';
import { written } from './audit-trail.js';
import { AwsException, internalError, notOffered, unknownOperation } from './aws-exception.js';
import { parseBody } from './body.js';
import { openCall, requestKeyOf } from './call.js';
import { demandConstraints } from './constraints.js';
import { deserialize } from './deserialize.js';
import type { OperationFacts } from './facts.js';
import { header, type HttpAnswer, type HttpRequest } from './http-message.js';
import { demandPermission } from './permission.js';
import { countedAs, entryOf, type Progress } from './progress.js';
import { demandModes, type Row } from './rows.js';
import { serialize } from './serialize.js';
import type { EdgeNeeds, JsonService } from './service.js';
import { verifySignature } from './sigv4/verify.js';

export interface Dispatcher {
  readonly targetPrefix: string;
  /** Answers every request; never rejects. */
  readonly dispatch: (request: HttpRequest) => Promise<HttpAnswer>;
}

type Input = Readonly<Record<string, unknown>>;

/**
 * Answers requests for one service, in this order: target, signature, audit gate, input, permission, access token, the
 * operation's row, audit record, answer. Whatever fails, nothing after it happens but the record and the answer.
 *
 * @throws {TypeError} for a row that the model does not know, or that is more open than the model
 */
export function dispatcher<Ports>(service: JsonService<Ports>, needs: EdgeNeeds<Ports>): Dispatcher {
  const { facts, nowhere } = service;
  const { audit, clock } = needs;
  demandModes(service.rows, facts, service.unsignedToo);

  async function perform(request: HttpRequest, progress: Progress): Promise<string> {
    const { operation } = progress.call;
    const operationFacts = isProtocol(request) && Object.hasOwn(facts.operations, operation) ? facts.operations[operation] : undefined;
    if (!operationFacts) throw unknownOperation();
    const row = Object.hasOwn(service.rows, operation) ? service.rows[operation] : undefined;
    if (!row) throw notOffered(operation);
    progress.listed = operationFacts.errors;

    progress.counted = 'signature';
    if (row.mode === 'sigv4') await identifySigner(request, progress);
    if (!audit.open()) {
      progress.counted = 'audit';
      throw new DomainError('Unavailable', { what: 'audit' });
    }

    progress.counted = progress.signer ? undefined : 'input';
    const input = readInput(operationFacts, request, progress);
    if (progress.signer) demandPermission(progress.signer, progress.place, { service: facts.service, operation, regions: needs.regions, accountId: needs.accountId });
    if (row.mode === 'token' || row.mode === 'token-or-session') await identifyUser(input, row, progress);

    progress.counted = undefined;
    const { call, signer, principal } = progress;
    const requestKey = requestKeyOf(request, operation, call.caller);
    const output = await row.handle(input as never, needs.ports, { ...call, requestKey, signer, principal } as never);
    return serialize(facts, operationFacts.output, output);
  }

  async function identifySigner(request: HttpRequest, progress: Progress): Promise<void> {
    const signer = await verifySignature(request, facts.service, clock.now(), needs.signingKeyOf);
    progress.signer = signer;
    progress.call = { ...progress.call, caller: { kind: signer.principal.kind, id: signer.accessKeyId } };
  }

  function readInput({ input: shape }: OperationFacts, request: HttpRequest, progress: Progress): Input {
    const input = deserialize(facts, shape, parseBody(request.body)) as Input;
    demandConstraints(facts, shape, input, service.constraintException);
    progress.place = service.placeOf(input);
    const { encodedData, clientMetadata = {} } = progress.place;
    progress.call = { ...progress.call, encodedData, clientMetadata };
    return input;
  }

  async function identifyUser(input: Input, { mode }: Row<Ports>, progress: Progress): Promise<void> {
    const { AccessToken, Session } = input;
    if (AccessToken === undefined && mode === 'token-or-session' && typeof Session === 'string') return;
    progress.counted = 'token';
    if (typeof AccessToken !== 'string') throw new DomainError('AccessTokenInvalid');
    const principal = await needs.checkToken(AccessToken, progress.call);
    progress.principal = principal;
    progress.place = { ...progress.place, poolId: principal.poolId, clientId: principal.clientId };
    progress.call = { ...progress.call, caller: { kind: 'user', id: principal.sub } };
  }

  /** The exception that clients see: one that the operation lists, where it lists one that says the same. */
  function exceptionOf(error: unknown, { listed, call }: Progress): AwsException {
    if (error instanceof AwsException) return error;
    const known = error instanceof DomainError ? service.errorOf(error, call.operation) : undefined;
    if (!known) return internalError();
    const type = service.nearest(known.type, listed);
    return new AwsException(type, known.message, facts.shapes[type]?.error === 'server' ? 500 : 400);
  }

  /** Whether what happened is on record, or only to be counted. */
  async function accounted(progress: Progress, error: unknown): Promise<boolean> {
    const counted = countedAs(progress, error, nowhere);
    if (counted === undefined) return written(audit, entryOf(progress, error, nowhere, clock.now()), progress.call.deadline, () => clock.now());
    audit.countRejected(progress.call.source, counted);
    return true;
  }

  function logFailure({ call }: Progress, error: unknown): void {
    const cause = error instanceof DomainError ? error.code : error instanceof Error ? error.name : typeof error;
    // Frames only: the first lines of a stack repeat the message, which may hold what somebody typed.
    const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8).join('\n') : '';
    needs.log.error({ requestId: call.correlationId, operation: call.operation, cause, frames }, 'operation failed');
  }

  return {
    targetPrefix: facts.targetPrefix,
    async dispatch(request) {
      const operation = operationOf(request, facts.targetPrefix);
      const progress: Progress = { call: openCall(request, operation, clock.now()), place: {}, listed: [], counted: 'operation' };
      const requestId = progress.call.correlationId;
      let body: string | undefined;
      let error: unknown;
      try {
        body = await perform(request, progress);
      } catch (thrown) {
        error = thrown ?? new TypeError('nothing was thrown');
      }
      if (!await accounted(progress, error)) {
        logFailure(progress, error ?? new DomainError('Unavailable', { what: 'audit' }));
        return failure(requestId, clock.now(), internalError());
      }
      if (body !== undefined) return success(requestId, clock.now(), body);
      const exception = exceptionOf(error, progress);
      if (exception.status === 500) logFailure(progress, error);
      return failure(requestId, clock.now(), exception);
    },
  };
}

/** The name after the service's prefix in `x-amz-target`; empty for another service's. */
function operationOf(request: HttpRequest, prefix: string): string {
  const [before, name, ...more] = (header(request, 'x-amz-target') ?? '').split('.');
  return before === prefix && name !== undefined && more.length === 0 ? name : '';
}

/** Only this protocol's content type: a page can send others across origins without asking first. */
const isProtocol = (request: HttpRequest): boolean =>
  request.method === 'POST' && /^application\/x-amz-json-1\.1\s*(?:;|$)/i.test(header(request, 'content-type') ?? '');
