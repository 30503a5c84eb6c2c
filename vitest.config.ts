import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    pool: 'forks',
    // Logs, runs and state files of tests are none of the user's.
    env: {
      XDG_STATE_HOME: join(tmpdir(), 'repbench-tests', 'state'),
      XDG_RUNTIME_DIR: join(tmpdir(), 'repbench-tests', 'run'),
    },
    // Real processes on a shared machine: the limit only catches a hang.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
