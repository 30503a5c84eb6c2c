import {startFakeMemcached} from '../../helpers/fake-memcached.js'

/** A node of a pair whose writes show after a while. */
export function delayedPair(delayMs: number) {
  const store = new Map<string, number>()
  const keys = new Set<string>()
  const answer = (shownAfterMs: number) =>
    startFakeMemcached(({method, key, socket, line}) => {
      if (method === 'set') {
        keys.add(key)
        store.set(key, performance.now())
        return 'STORED\r\n'
      }
      if (method === 'delete') return store.delete(key) ? 'DELETED\r\n' : 'NOT_FOUND\r\n'
      const asked = line.split(' ').slice(1)
      const there = asked.filter(
        one => performance.now() - (store.get(one) ?? Number.POSITIVE_INFINITY) >= shownAfterMs,
      )
      socket.write(`${there.map(one => `VALUE ${one} 0 1\r\n1\r\n`).join('')}END\r\n`)
      return undefined
    })
  return {store, keys, start: async () => [await answer(0), await answer(delayMs)] as const}
}
