import { fileURLToPath } from 'node:url';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { bundleWorkflowCode } from '@temporalio/worker';
import { temporalLogger } from './telemetry.ts';

/** Bundles the workflow code for the sandbox, about 0.7 MB of it and its source map, in a second. What may be in it is checked by a test. */
export function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
  const interceptors = fileURLToPath(new URL('../workflows/interceptors.ts', import.meta.url));
  return bundleWorkflowCode({ workflowsPath, workflowInterceptorModules: [interceptors], logger: temporalLogger() });
}
