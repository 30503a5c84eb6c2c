import {defineConfig} from 'vitest/config'
import base from './vitest.config.js'

const {include: _, ...shared} = base.test!

/** What Stryker runs for each mutant; scripts/mutate.ts says which tests. */
export default defineConfig({
  test: {
    ...shared,
    include: (process.env.MUTATE_TESTS ?? '').split(' '),
    // One worker, and each module once in it: it is started again for every mutant.
    isolate: false,
    setupFiles: ['test/helpers/quick-properties.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
