import type {MethodName} from '../data/methods.js'
import type {SizeDistribution} from '../data/sizes.js'
import {VALUE_MIN_BYTES} from '../data/value-format.js'

/** Most keys: the load threads share 8 bytes for each. */
const VERIFY_KEYS_MAX = 100_000_000

/** Methods that leave a value not written by one call. */
const unverifiable: ReadonlySet<MethodName> = new Set(['append', 'prepend', 'incr', 'decr'])

interface VerifiedPlan {
  readonly mix: readonly {readonly method: MethodName}[]
  readonly connections: number
  readonly keyCount: number | null
  readonly sizes: SizeDistribution
  readonly noreply: boolean
}

interface VerifyRule {
  readonly holds: (plan: VerifiedPlan) => boolean
  readonly error: string
  readonly path: keyof VerifiedPlan
}

/** Rules for a plan with verification. */
const verifyRules: readonly VerifyRule[] = [
  {
    holds: ({mix}) => mix.every(({method}) => !unverifiable.has(method)),
    error: 'Expected no append, prepend, incr or decr with verify: their values are not what one call wrote',
    path: 'mix',
  },
  {
    holds: ({noreply}) => !noreply,
    error: 'Expected no noreply with verify: reads are held against what was acknowledged',
    path: 'noreply',
  },
  {
    holds: ({keyCount, connections}) => keyCount === null || (keyCount >= connections && keyCount <= VERIFY_KEYS_MAX),
    error: `Expected as many keys as connections, and no more than ${VERIFY_KEYS_MAX}, with verify`,
    path: 'keyCount',
  },
  {
    holds: ({sizes}) => smallestSize(sizes) >= VALUE_MIN_BYTES,
    error: `Expected sizes of at least ${VALUE_MIN_BYTES} bytes with verify`,
    path: 'sizes',
  },
]

/** The first rule that a plan with verification breaks; undefined when it breaks none. */
export function brokenVerifyRule(plan: VerifiedPlan): VerifyRule | undefined {
  return verifyRules.find(({holds}) => !holds(plan))
}

/** The smallest size that can be drawn; for an exponential distribution the mean, because smaller draws are raised. */
function smallestSize(sizes: SizeDistribution): number {
  switch (sizes.kind) {
    case 'fixed':
      return sizes.bytes
    case 'exponential':
      return sizes.meanBytes
    case 'uniform':
    case 'zipf':
      return sizes.minBytes
    case 'weighted':
      return Math.min(...sizes.choices.map(({bytes}) => bytes))
  }
}
