import config from './jest.config.mjs';

/** Tests that need programs npm cannot install. A missing program fails them; it never skips them. */
export default {
  ...config,
  testMatch: ['<rootDir>/test/outside/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
