/** What vitest's expect and vi look for in a worker, without which they cannot be imported outside of one. */
const config = {
  fakeTimers: {},
  snapshotOptions: {expand: false},
  expect: {},
  clearMocks: false,
  restoreMocks: false,
  mockReset: false,
}

Object.assign(globalThis, {
  __vitest_worker__: {
    config,
    ctx: {pool: 'forks', config},
    environment: {name: 'node'},
    providedContext: {},
    durations: {},
    rpc: {},
  },
})
