/** The workflow code for a test's workers: the file of TOCSIN_TEST_BUNDLE, which globalSetup.mjs makes once a run. */
import type { WorkflowBundleOption } from '@temporalio/worker';
import { bundleWorkflows } from '../../worker/bundle.ts';

let made: ReturnType<typeof bundleWorkflows> | undefined;

/** Outside of jest (`npm run bench`) it is made here. */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  const codePath = process.env['TOCSIN_TEST_BUNDLE'];
  if (codePath !== undefined) return { codePath };
  made ??= bundleWorkflows();
  return made;
}
