/** What Tocsin needs of the namespace it works in, checked at every start, on any cluster (interfaces §1). */
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { grpcStatusOf } from '../intake/temporalErrors.ts';
import { formatDuration, type Milliseconds } from '../domain/duration.ts';
import { TocsinError } from '../domain/errors.ts';

const NOT_FOUND = 5;
const APPEARS_WITHIN_MS = 15_000;

/** Throws NAMESPACE_MISSING where there is no such namespace. `isNew`: it was just asked for, and may take a moment to appear. */
export async function assertNamespace(connection: Connection, namespace: string, isNew = false): Promise<void> {
  const until = Date.now() + (isNew ? APPEARS_WITHIN_MS : 0);
  for (;;) {
    try {
      await connection.workflowService.describeNamespace({ namespace });
      return;
    } catch (error) {
      if (grpcStatusOf(error) !== NOT_FOUND) throw error;
      if (Date.now() >= until) {
        throw new TocsinError(
          'NAMESPACE_MISSING',
          `TEMPORAL_NAMESPACE names "${namespace}", which this Temporal does not have. Name another, or create it:\n  temporal operator namespace create --namespace ${namespace} --retention 30d`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/**
 * Sets how long closed incidents are kept; returns whether it had to be changed. For the embedded server only: a
 * cluster's retention is its operator's. Throws BAD_ENVIRONMENT where the server does not take the value.
 */
export async function setRetention(
  connection: Connection,
  namespace: string,
  retention: Milliseconds,
): Promise<boolean> {
  const { workflowService } = connection;
  const { config } = await workflowService.describeNamespace({ namespace });
  const wanted = proto.google.protobuf.Duration.fromObject({ seconds: Math.floor(retention / 1_000) });
  if (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) === Number(wanted.seconds)) return false;
  try {
    await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: wanted } });
  } catch (error) {
    throw new TocsinError(
      'BAD_ENVIRONMENT',
      `TOCSIN_RETENTION is ${formatDuration(retention)}, and Temporal does not take that: ${(error as Error).message}. It should be an hour or more, like 30d.`,
      { cause: error },
    );
  }
  return true;
}
