// Why two packages are transformed: light-my-request and @fastify/* require() `cookie` and `content-disposition`,
// which are ESM-only; plain Node >= 20.19 can do that, jest's own CommonJS loader cannot before Node 24.9.
const swc = (type) => ({ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type } });

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Needs programs that npm cannot install: `npm run test:outside`.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/outside/'],
  globalSetup: '<rootDir>/test/support/globalSetup.mjs',
  transform: {
    '/node_modules/(cookie|content-disposition)/.+\\.js$': ['@swc/jest', swc('commonjs')],
    '^.+\\.ts$': ['<rootDir>/test/support/transform.mjs', swc('es6')],
  },
  // One that has a copy of its own of them lies between.
  transformIgnorePatterns: ['/node_modules/(?!(.+/node_modules/)?(cookie|content-disposition)/)'],
  // On a busy machine everything takes its time; what hangs is found by this all the same.
  testTimeout: 150_000,
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/test/support/closingLine.mjs'],
};
