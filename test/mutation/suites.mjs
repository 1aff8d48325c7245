/** For mutant.mjs: says of each suite that ended which tests failed, or why it could not be loaded. */
export default class Suites {
  onTestResult(_test, { failureMessage, testExecError, testResults }) {
    const failed = testResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    // A suite that could not be loaded has no tests.
    const error = testExecError === undefined && testResults.length > 0 ? undefined : failureMessage;
    globalThis.suites.push({ failed, error });
  }
}
