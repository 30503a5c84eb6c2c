/** memcslap's tests. */
export const memslapTests = ['set', 'get', 'mget'] as const

export type MemslapTest = (typeof memslapTests)[number]
