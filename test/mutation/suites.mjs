/** Writes one line of JSON for each suite that ended. Jest's own `--json` writes nothing where `--bail` ends a run. */
export default class Suites {
  onTestResult(_test, { failureMessage, testExecError, testResults }) {
    const failed = testResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    // A suite that could not be loaded has no tests.
    const error = testExecError === undefined && testResults.length > 0 ? undefined : failureMessage;
    process.stdout.write(`${JSON.stringify({ failed, error })}\n`);
  }
}
