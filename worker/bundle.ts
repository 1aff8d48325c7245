import { fileURLToPath } from 'node:url';
import type { BundleOptions, WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { bundleWorkflowCode } from '@temporalio/worker';
import { temporalLogger } from './telemetry.ts';

/** Bundles the workflow code for the sandbox, about 0.7 MB of it and its source map, in a second. What may be in it is checked by a test. */
export function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
  const interceptors = fileURLToPath(new URL('../workflows/interceptors.ts', import.meta.url));
  return bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [interceptors],
    logger: temporalLogger(),
    webpackConfigHook: asWritten,
  });
}

type Configuration = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

/** For the Node that runs it: the SDK's own target, ES2017, has a copy of what stands in for `{ ...spread }` in each module. */
function asWritten(configuration: Configuration): Configuration {
  for (const rule of configuration.module?.rules ?? []) {
    const use = typeof rule === 'object' ? rule?.use : undefined;
    const options = typeof use === 'object' && use !== null && 'options' in use ? use.options : undefined;
    if (typeof options === 'object' && 'jsc' in options) Object.assign(options['jsc'] as object, { target: 'es2022' });
  }
  return configuration;
}
