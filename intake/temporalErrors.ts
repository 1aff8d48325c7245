/** Temporal's failures, sorted: what is gone, what never answered, and what is nobody's fault here. */
import { type Client, NamespaceNotFoundError, WorkflowNotFoundError, isGrpcServiceError } from '@temporalio/client';
import { TocsinError } from '../domain/errors.ts';
import { STALE_CLOCK } from '../workflows/messages.ts';

/** grpc.io/docs/guides/status-codes; the library with their names is the SDK's own, not ours. */
const GRPC = {
  CANCELLED: 1,
  UNKNOWN: 2,
  DEADLINE_EXCEEDED: 4,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
};
const UNREACHABLE: readonly number[] = [
  GRPC.CANCELLED,
  GRPC.UNKNOWN,
  GRPC.DEADLINE_EXCEEDED,
  GRPC.RESOURCE_EXHAUSTED,
  GRPC.ABORTED,
  GRPC.UNAVAILABLE,
];
/** Mended by whoever runs Tocsin, and meanwhile nothing can be promised (lifecycle §2.9). */
const REFUSED: readonly number[] = [GRPC.PERMISSION_DENIED, GRPC.UNAUTHENTICATED];
/** How late the SDK's own error may come after the deadline before ours is taken: it waits out its backoff first. */
const GRACE = 100;

/** The gRPC status in an error or in one of its causes. */
export function grpcStatusOf(error: unknown): number | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (isGrpcServiceError(at)) return at.code;
  }
  return undefined;
}

export const isNotFound = (error: unknown): boolean => error instanceof WorkflowNotFoundError;

/** Thrown where Temporal has not answered in time. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** Temporal did not answer in time, or said that it cannot now. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof TooSlow || UNREACHABLE.includes(grpcStatusOf(error) ?? -1);

/**
 * No worker took a query. Only where Temporal itself has just answered: its server, too, may say that it waited in vain as
 * a deadline, a cancellation, or that no worker was seen lately; and a worker that has just come, that it must catch up first.
 */
export const isNoWorker = (error: unknown): boolean =>
  (error instanceof Error && error.message.includes(STALE_CLOCK)) ||
  (isUnavailable(error) && grpcStatusOf(error) !== GRPC.UNAVAILABLE) ||
  grpcStatusOf(error) === GRPC.FAILED_PRECONDITION;

/**
 * Runs `call` under a deadline, milliseconds from now, and throws TooSlow when it has passed. The gRPC deadline alone
 * does not do: the SDK retries inside it, and a backoff of seconds may begin just before its end.
 */
export async function bounded<T>(client: Client, deadline: number, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TooSlow(`no answer within ${deadline} ms`)), deadline + GRACE);
  });
  try {
    return await Promise.race([client.withDeadline(Date.now() + deadline, call), tooSlow]);
  } finally {
    clearTimeout(timer);
  }
}

/** TEMPORAL_UNAVAILABLE where that is what it was; the error itself otherwise. */
export function asUnavailable(error: unknown): unknown {
  if (error instanceof NamespaceNotFoundError) {
    const text = `Temporal has no namespace '${error.namespace}'; create it, or set TEMPORAL_NAMESPACE`;
    return new TocsinError('TEMPORAL_UNAVAILABLE', text, { cause: error });
  }
  if (REFUSED.includes(grpcStatusOf(error) ?? -1)) {
    const text = 'Temporal refuses this process; check TEMPORAL_API_KEY, TEMPORAL_TLS_… and TEMPORAL_NAMESPACE';
    return new TocsinError('TEMPORAL_UNAVAILABLE', text, { cause: error });
  }
  if (!isUnavailable(error)) return error;
  return new TocsinError('TEMPORAL_UNAVAILABLE', 'Temporal did not answer; nothing is promised, send it again', {
    cause: error,
  });
}
