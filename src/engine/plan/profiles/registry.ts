import {bigValues} from './big-values.js'
import {burst} from './burst.js'
import {memaslap} from './memaslap.js'
import {memslapGet} from './memslap-get.js'
import {memslapSet} from './memslap-set.js'
import {mixed9010} from './mixed-90-10.js'
import type {Profile} from './profile.js'
import {seed} from './seed.js'
import {setSmall} from './set-small.js'
import {smoke} from './smoke.js'

/** All profiles in display order; each profile's name is in its plan. */
export const profiles: readonly Profile[] = [
  smoke,
  seed,
  setSmall,
  mixed9010,
  bigValues,
  burst,
  memslapSet,
  memslapGet,
  memaslap,
]

export const profileNames: readonly string[] = profiles.map(({plan}) => plan.name)
