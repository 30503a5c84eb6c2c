import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    pool: 'forks',
    // Real processes on a shared machine: the limit only catches a hang.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
